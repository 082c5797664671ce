import type { JobsOptions } from "bullmq";
import type { Logger, Queue, QueuePriority } from "../core/ports.ts";
import type { Backend } from "./backend.ts";
import { ANSWER_MS, START_MS, within } from "./within.ts";

/** Jobs without a priority come first (BullMQ), then lower numbers. */
const PRIORITIES: Readonly<Record<QueuePriority, number | undefined>> = { live: undefined, crowded: 5, bulk: 10 };
/** Jobs in one transaction: an embedded database does nothing else meanwhile. */
const BULK = 10;
/** Jobs under way get so long (ms) to end by themselves at a stop before their signal is aborted. */
const GRACE_MS = 10_000;

type Add = NonNullable<Parameters<Queue<unknown>["add"]>[1]>;

/** The port on BullMQ; the backends differ in what they connect with only. */
export async function openBullQueue<Job>(name: string, backend: Backend, logger: Logger): Promise<Queue<Job>> {
  const queue = backend.newQueue(name);
  queue.on("error", (error) => logger.warn({ queue: name, error: error.name }, "queue connection failed"));
  await within(START_MS, queue.waitUntilReady());
  const stop = new AbortController();
  let worker: ReturnType<Backend["newWorker"]> | undefined;

  return {
    async add(job, options = {}) {
      await within(ANSWER_MS, queue.add(name, { job }, jobOptions(options)));
    },

    async addMany(jobs) {
      const bulk = jobs.map(({ job, ...options }) => ({ name, data: { job }, opts: jobOptions(options) }));
      for (let from = 0; from < bulk.length; from += BULK)
        await within(ANSWER_MS, queue.addBulk(bulk.slice(from, from + BULK)));
    },

    async work(handle, concurrency) {
      // What `add` put in: this name stands for one kind of job.
      worker = backend.newWorker(name, concurrency, ({ job }) => handle(job as Job, stop.signal));
      worker.on("error", (error) =>
        logger.warn({ queue: name, error: error.name }, "queue worker lost its connection"),
      );
      worker.on("failed", (_job, error) => logger.error({ queue: name, err: error }, "job handler threw"));
      await within(START_MS, worker.waitUntilReady());
      worker.run().catch((error: unknown) => logger.error({ queue: name, err: error }, "queue worker stopped"));
    },

    async depth() {
      const counts = await within(ANSWER_MS, queue.getJobCounts("waiting", "prioritized", "delayed", "active"));
      const of = (state: string): number => counts[state] ?? 0;
      return { waiting: of("waiting") + of("prioritized") + of("delayed"), active: of("active") };
    },

    async close() {
      const grace = setTimeout(() => stop.abort(), GRACE_MS);
      try {
        await worker?.close();
      } finally {
        clearTimeout(grace);
      }
      await queue.close();
    },
  };
}

/**
 * BullMQ's de-duplication holds a key until its job is finished. `keepLastIfActive`: a job that is added while one
 * of its key is under way runs after it. `reschedule`: adding without delay brings a delayed job of the key forward.
 */
function jobOptions({ key, priority = "live", delayMs = 0 }: Add): JobsOptions {
  const number = PRIORITIES[priority];
  return {
    ...(number !== undefined && { priority: number }),
    ...(delayMs > 0 && { delay: delayMs }),
    ...(key !== undefined && { deduplication: { id: key, keepLastIfActive: true, reschedule: delayMs === 0 } }),
  };
}
