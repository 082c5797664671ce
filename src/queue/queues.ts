import type { Logger, Queue } from "../core/ports.ts";
import { openBullQueue } from "./bull-queue.ts";
import { databaseBackend, type QueueDatabase } from "./database.ts";
import { redisBackend } from "./redis.ts";
import { ANSWER_MS, within } from "./within.ts";

export interface Queues {
  /** The queue of that name (letters, digits, `-`); one per name and process, for one kind of job. */
  open<Job>(name: string): Promise<Queue<Job>>;
  /** @throws PosternError STORE_UNAVAILABLE when the backend does not answer within 2 s. */
  ping(): Promise<void>;
  /** Closes every queue, waiting for jobs under way, then the connections. The database stays open. */
  close(): Promise<void>;
}

const silent: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/**
 * Opens the queues on Redis, or in the database without `redisUrl`. Failures of handlers go to `logger`.
 * @throws PosternError STORE_UNAVAILABLE when the backend cannot be reached.
 */
export async function openQueues(
  config: { readonly redisUrl?: string | undefined },
  database: QueueDatabase,
  logger: Logger = silent,
): Promise<Queues> {
  const backend = config.redisUrl ? await redisBackend(config.redisUrl) : await databaseBackend(database);
  const opened = new Map<string, Promise<Queue<unknown>>>();
  return {
    open<Job>(name: string) {
      const queue = opened.get(name) ?? openBullQueue<unknown>(name, backend, logger);
      opened.set(name, queue);
      // A name stands for one kind of job; the caller says which.
      return queue as Promise<Queue<Job>>;
    },
    async ping() {
      await within(ANSWER_MS, backend.ping());
    },
    async close() {
      await Promise.all([...opened.values()].map(async (queue) => (await queue).close()));
      await backend.disconnect();
    },
  };
}
