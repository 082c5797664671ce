import { createPostgresBackend, type PgPool, runMigrations, withBackend } from "bullmq";
import { type Backend, JOB_DEFAULTS, type Payload, WORKER_DEFAULTS } from "./backend.ts";
import { ANSWER_MS, within } from "./within.ts";

/** What the queue asks of the open database. */
export interface QueueDatabase {
  /** Connections whose unqualified table names mean `schema`. */
  poolFor(schema: string): PgPool;
}

/** The schema that BullMQ's SQL names by default. */
const SCHEMA = "bullmq";

/** Queues in the store's database, PostgreSQL or PGlite; brings BullMQ's tables up to date. */
export async function databaseBackend(database: QueueDatabase): Promise<Backend> {
  const pool = database.poolFor(SCHEMA);
  const client = await within(ANSWER_MS, pool.connect());
  try {
    await runMigrations(client, SCHEMA);
  } finally {
    client.release();
  }
  const { Queue, Worker } = withBackend(createPostgresBackend);
  return {
    newQueue: (name) => new Queue<Payload>(name, { connection: pool, defaultJobOptions: JOB_DEFAULTS }),
    newWorker: (name, concurrency, work) =>
      new Worker<Payload, void>(name, (job) => work(job.data), { ...WORKER_DEFAULTS, concurrency, connection: pool }),
    ping: () => pool.query("select 1"),
    disconnect: () => Promise.resolve(),
  };
}
