import { migrate } from "./migrate.ts";
import { openPglite } from "./pglite.ts";
import type { PoolLike } from "./pool.ts";
import { openPostgres } from "./postgres.ts";

/** An open database, migrated. Owned by whoever opened it: the store and the queues on it are closed before. */
export interface Database {
  readonly kind: "pglite" | "postgres";
  /** For the store; its SQL names the schema itself. */
  readonly pool: PoolLike;
  /** For what a provider waits for: goes before other work where all share one session. */
  readonly urgent: PoolLike;
  /** A view whose unqualified names mean `schema`, for the queue. Closed with the database. */
  poolFor(schema: string): PoolLike;
  /** True when the server answers a new connection within about a second. */
  alive(): Promise<boolean>;
  close(): Promise<void>;
}

export interface DatabaseConfig {
  /** `postgres://…`; undefined opens the embedded database under `dataDir`. */
  readonly databaseUrl?: string | undefined;
  /** Data folder of the embedded mode; made when missing. */
  readonly dataDir: string;
}

/**
 * Opens and migrates the database.
 * @throws PosternError CONFIG_INVALID when another process has the folder open or a newer Postern wrote the database,
 * STORE_UNAVAILABLE when the server does not answer.
 */
export async function openDatabase(config: DatabaseConfig): Promise<Database> {
  const database = config.databaseUrl ? openPostgres(config.databaseUrl) : await openPglite(config.dataDir);
  try {
    await migrate(database.pool);
    // Alone in its folder: whoever held a lease is dead.
    if (database.kind === "pglite") await database.pool.query("delete from postern.leases");
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
