import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from "kysely";
import { storeFailure } from "./failure.ts";
import { withoutNul } from "./json.ts";
import type { PoolClientLike, PoolLike } from "./pool.ts";
import type { Tables } from "./tables.ts";

/** Typed queries over a pool; table names mean the schema `postern`. The pool stays the caller's. */
export function queriesOn(pool: PoolLike): Queries {
  const dialect: Dialect = {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new PoolDriver(pool),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
  return new Kysely<Tables>({ dialect }).withSchema("postern");
}

export type Queries = Kysely<Tables>;

/** Kysely's own PostgreSQL driver asks for cursors that PGlite does not have, and lets driver errors with values out. */
class PoolDriver implements Driver {
  readonly #pool: PoolLike;

  constructor(pool: PoolLike) {
    this.#pool = pool;
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  async acquireConnection(): Promise<PoolConnection> {
    return new PoolConnection(await this.#pool.connect());
  }

  async beginTransaction(connection: PoolConnection, _settings: TransactionSettings): Promise<void> {
    await connection.client.query("begin");
  }

  async commitTransaction(connection: PoolConnection): Promise<void> {
    await connection.client.query("commit");
  }

  async rollbackTransaction(connection: PoolConnection): Promise<void> {
    // On a lost connection there is nothing to roll back; the error that led here is the one to report.
    await connection.client.query("rollback").catch(() => undefined);
  }

  releaseConnection(connection: PoolConnection): Promise<void> {
    connection.client.release();
    return Promise.resolve();
  }

  destroy(): Promise<void> {
    return Promise.resolve();
  }
}

class PoolConnection implements DatabaseConnection {
  readonly client: PoolClientLike;

  constructor(client: PoolClientLike) {
    this.client = client;
  }

  async executeQuery<Row>(compiled: CompiledQuery): Promise<QueryResult<Row>> {
    try {
      const result = await this.client.query<Row>(compiled.sql, compiled.parameters.map(withoutNul));
      return { rows: result.rows, numAffectedRows: BigInt(result.rowCount ?? 0) };
    } catch (error) {
      throw storeFailure(error);
    }
  }

  streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error("Streaming is not used: long readings go page by page");
  }
}
