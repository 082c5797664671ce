import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Queue } from "../../src/core/ports.ts";
import { openQueues, type Queues } from "../../src/queue/queues.ts";
import { startRedis, type TestServer } from "../support/servers.ts";
import { until } from "../support/until.ts";

interface Job {
  readonly id: string;
}

/** Promised (ms), with some room for a busy test machine. */
const WITHIN_MS = 2_500;
const missing = inject("redisUrl") === null;
const noDatabase = {
  poolFor(): never {
    throw new Error("Queues on Redis need no database");
  },
};

describe.skipIf(missing)(`an outage of Redis${missing ? " (skipped: redis-server is not installed)" : ""}`, () => {
  let server: TestServer;
  let queues: Queues;
  let queue: Queue<Job>;
  const done: string[] = [];

  beforeAll(async () => {
    server = await startRedis();
    queues = await openQueues({ redisUrl: server.url }, noDatabase);
    queue = await queues.open<Job>("outage");
    await queue.work(async ({ id }) => void done.push(id), 2);
  });
  afterAll(async () => {
    await queues?.close();
    await server?.stop();
  });

  const expectOutage = async (): Promise<void> => {
    const start = performance.now();
    await expect(queue.add({ id: "lost" })).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await expect(queue.addMany([{ job: { id: "lost" } }])).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(performance.now() - start).toBeLessThan(2 * WITHIN_MS);
    await expect(queues.ping()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  };
  const expectWork = async (id: string): Promise<void> => {
    await until("adding again", () =>
      queue.add({ id }, { key: id }).then(
        () => true,
        () => false,
      ),
    );
    await until(`${id} done`, () => done.includes(id), 30_000);
  };

  it("gone: adding fails quickly, and work resumes by itself when it is back", async () => {
    await expectWork("before");
    await server.kill();
    await expectOutage();
    await server.restart();
    await expectWork("after");
  });

  it("frozen: adding fails quickly, and work resumes by itself when it goes on", async () => {
    server.freeze();
    await expectOutage();
    server.thaw();
    await expectWork("thawed");
  });

  it("emptied: jobs that are added then are done", async () => {
    await queue.add({ id: "waiting" }, { delayMs: 3_600_000 });
    const client = new Redis(server.url);
    await client.flushall();
    client.disconnect();
    expect(await queue.depth()).toEqual({ waiting: 0, active: 0 });
    await expectWork("flushed");
  });

  it("refuses a Redis that drops keys under memory pressure", async () => {
    const client = new Redis(server.url);
    await client.config("SET", "maxmemory-policy", "allkeys-lru");
    await expect(openQueues({ redisUrl: server.url }, noDatabase)).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    await client.config("SET", "maxmemory-policy", "noeviction");
    client.disconnect();
  });

  it("not there at the start: opening says so", async () => {
    await expect(openQueues({ redisUrl: "redis://127.0.0.1:1" }, noDatabase)).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
    });
  });
});
