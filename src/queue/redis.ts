import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { PosternError } from "../core/errors.ts";
import { type Backend, JOB_DEFAULTS, type Payload, WORKER_DEFAULTS } from "./backend.ts";
import { ANSWER_MS, within } from "./within.ts";

/** Of all our keys, so that a Redis can be shared. */
const PREFIX = "postern";

/** Between attempts to reach a Redis that went away (ms): soon enough that work resumes within seconds. */
const RECONNECT_MS = 500;

/**
 * Queues on Redis, over two connections: adding fails at once while Redis is away, so that whoever adds can go on;
 * working waits for it to come back.
 * @throws PosternError STORE_UNAVAILABLE when it does not answer, CONFIG_INVALID when it is set up to drop keys.
 */
export async function redisBackend(url: string): Promise<Backend> {
  const shared = { lazyConnect: true, connectTimeout: ANSWER_MS, retryStrategy: () => RECONNECT_MS };
  const quick = { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: ANSWER_MS };
  const adding = new Redis(url, { ...shared, ...quick });
  const working = new Redis(url, { ...shared, maxRetriesPerRequest: null });
  // Both reconnect by themselves; a command that needs them reports the failure.
  for (const connection of [adding, working]) connection.on("error", () => undefined);
  const disconnect = (): Promise<void> => {
    for (const connection of [adding, working]) connection.disconnect();
    return Promise.resolve();
  };
  try {
    await within(ANSWER_MS, adding.connect());
    await refuseEviction(adding);
    await within(ANSWER_MS, working.connect());
  } catch (error) {
    await disconnect();
    throw error;
  }
  return {
    newQueue: (name) =>
      new Queue<Payload>(name, {
        connection: adding,
        prefix: PREFIX,
        defaultJobOptions: JOB_DEFAULTS,
        skipWaitingForReady: true,
      }),
    newWorker: (name, concurrency, work) =>
      new Worker<Payload, void>(name, (job) => work(job.data), {
        ...WORKER_DEFAULTS,
        concurrency,
        connection: working,
        prefix: PREFIX,
      }),
    ping: () => adding.ping(),
    disconnect,
  };
}

/** Under memory pressure an evicting Redis drops jobs silently (BullMQ: "Going to production"). */
async function refuseEviction(redis: Redis): Promise<void> {
  const memory = await within(ANSWER_MS, redis.info("memory"));
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1] ?? "noeviction";
  if (policy === "noeviction") return;
  throw new PosternError("CONFIG_INVALID", `Redis must keep its keys: set maxmemory-policy noeviction, not ${policy}`, {
    details: { policy },
  });
}
