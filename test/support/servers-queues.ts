import { inject } from "vitest";
import { openQueues, type Queues } from "../../src/queue/queues.ts";
import type { Database } from "../../src/store/database.ts";
import { DATABASES, newDatabase } from "./servers-databases.ts";

const withoutRedis = inject("redisUrl") === null;

/** The backends that the queue's contract runs on. */
export const QUEUE_BACKENDS = [
  {
    kind: "redis",
    missing: withoutRedis,
    title: withoutRedis ? "Redis (skipped: redis-server is not installed)" : "Redis",
  },
  ...DATABASES,
] as const;

export interface TestQueues {
  /** Another process's view of the same queues (on PGlite: of the same process). */
  open(): Promise<Queues>;
  remove(): Promise<void>;
}

const noDatabase = {
  poolFor(): never {
    throw new Error("Queues on Redis need no database");
  },
};

export async function newQueues(kind: "redis" | Database["kind"]): Promise<TestQueues> {
  if (kind === "redis") {
    const redisUrl = inject("redisUrl") ?? "";
    return { open: () => openQueues({ redisUrl }, noDatabase), remove: () => Promise.resolve() };
  }
  const test = await newDatabase(kind);
  return { open: () => openQueues({}, test.database), remove: () => test.remove() };
}
