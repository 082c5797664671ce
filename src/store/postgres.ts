import pg from "pg";
import type { Database } from "./database.ts";
import { storeFailure, unavailable } from "./failure.ts";
import type { PoolClientLike, PoolLike, PoolQuery, PoolResult } from "./pool.ts";

/** Waiting for a free connection or a new one longer than this (ms) counts as an outage. */
const CONNECT_TIMEOUT_MS = 1_500;
/** A query that runs longer (ms) makes us ask whether the server lives at all. */
const SUSPICIOUS_MS = 700;
/** The server answers a fresh connection within this (ms) or is taken for stopped. */
const PROBE_TIMEOUT_MS = 900;
const STORE_CONNECTIONS = 10;
/** BullMQ keeps one connection per queue for LISTEN beside those that it queries with. */
const QUEUE_CONNECTIONS = 20;

/** Opens pools of connections to a PostgreSQL server; no connection is made before the first query. */
export function openPostgres(url: string): Database {
  const probe = singleFlight(() => answers(url));
  const main = newPool(url, "-c synchronous_commit=on", STORE_CONNECTIONS);
  const views = new Map<string, pg.Pool>();
  const pool = watchedPool(main, probe);
  return {
    kind: "postgres",
    pool,
    urgent: pool,
    poolFor(schema) {
      const known = views.get(schema) ?? newPool(url, `-c search_path=${schema}`, QUEUE_CONNECTIONS);
      views.set(schema, known);
      return asPoolLike(known);
    },
    alive: probe,
    async close() {
      await Promise.all([main, ...views.values()].map((pool) => (pool.ended ? undefined : pool.end())));
    },
  };
}

function newPool(url: string, options: string, max: number): pg.Pool {
  const address = new URL(url);
  const given = address.searchParams.get("options");
  address.searchParams.set("options", given === null ? options : `${given} ${options}`);
  const pool = new pg.Pool({
    connectionString: address.href,
    max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: "postern",
  });
  // Idle connections that the server drops are replaced by the pool; without a listener they would end the process.
  pool.on("error", () => undefined);
  // BullMQ listens once for each queue and worker.
  pool.setMaxListeners(0);
  return pool;
}

/** node-postgres has the shape already; its overloads are wider than ours. */
function asPoolLike(pool: pg.Pool): PoolLike {
  return pool as unknown as PoolLike;
}

/**
 * The pool with two promises added: errors are ours and free of content, and a query on a server that was stopped or
 * lost rejects within 2 s, whereas a slow query on a living server may take its time.
 */
function watchedPool(pool: pg.Pool, probe: () => Promise<boolean>): PoolLike {
  const connect = async (): Promise<PoolClientLike> => {
    const client = await asPoolLike(pool)
      .connect()
      .catch((error: unknown) => {
        throw storeFailure(error);
      });
    return watchedClient(client, probe);
  };
  const watched: PoolLike = {
    connect,
    async query<Row>(query: string | PoolQuery, values?: readonly unknown[]): Promise<PoolResult<Row>> {
      const client = await connect();
      try {
        return await client.query<Row>(query, values);
      } finally {
        client.release();
      }
    },
    end: () => pool.end(),
    on: (event: "error" | "connect", listener: (subject: never) => void) => {
      pool.on(event as "error", listener as unknown as (error: Error) => void);
      return watched;
    },
    removeAllListeners: (event) => {
      pool.removeAllListeners(event);
      return watched;
    },
  };
  return watched;
}

function watchedClient(client: PoolClientLike, probe: () => Promise<boolean>): PoolClientLike {
  let lost = false;
  const onLost = (): void => {
    lost = true;
  };
  // A connection that breaks between two queries of a transaction reports here; the next query fails by itself.
  client.on("error", onLost);
  const watched: PoolClientLike = Object.create(client);
  watched.query = async <Row>(query: string | PoolQuery, values?: readonly unknown[]): Promise<PoolResult<Row>> => {
    try {
      return await orOutage(client.query<Row>(query, values), probe);
    } catch (error) {
      const failure = storeFailure(error);
      if ("retry" in failure) lost = true;
      throw failure;
    }
  };
  watched.release = (destroy) => {
    client.removeAllListeners("error");
    client.release(destroy === true || lost);
  };
  return watched;
}

async function orOutage<Value>(answer: Promise<Value>, probe: () => Promise<boolean>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const outage = new Promise<never>((_, reject) => {
    const look = async (): Promise<void> => {
      const isAlive = await probe();
      // The answer may have come meanwhile: a look that goes on would never end, nor let the process end.
      if (isOver) return;
      if (isAlive) timer = setTimeout(() => void look(), SUSPICIOUS_MS);
      else reject(unavailable("no answer"));
    };
    timer = setTimeout(() => void look(), SUSPICIOUS_MS);
  });
  try {
    return await Promise.race([answer, outage]);
  } finally {
    isOver = true;
    clearTimeout(timer);
    answer.catch(() => undefined);
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: PROBE_TIMEOUT_MS,
    query_timeout: PROBE_TIMEOUT_MS,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("select 1");
    return true;
  } catch {
    return false;
  } finally {
    client.end().catch(() => undefined);
  }
}

function singleFlight<Value>(work: () => Promise<Value>): () => Promise<Value> {
  let running: Promise<Value> | undefined;
  return () => {
    running ??= work().finally(() => {
      running = undefined;
    });
    return running;
  };
}
