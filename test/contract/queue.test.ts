import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Queue } from "../../src/core/ports.ts";
import type { Queues } from "../../src/queue/queues.ts";
import { newQueues, QUEUE_BACKENDS, type TestQueues } from "../support/servers-queues.ts";
import { until } from "../support/until.ts";

interface Job {
  readonly id: string;
}

for (const { kind, title, missing } of QUEUE_BACKENDS)
  describe.skipIf(missing)(`queue on ${title}`, () => {
    let test: TestQueues;

    beforeAll(async () => {
      test = await newQueues(kind);
    });
    afterAll(() => test?.remove());

    const newQueue = async (): Promise<{
      readonly queue: Queue<Job>;
      readonly queues: Queues;
      readonly name: string;
    }> => {
      const queues = await test.open();
      onTestFinished(() => queues.close());
      const name = `q-${randomUUID()}`;
      return { queue: await queues.open<Job>(name), queues, name };
    };
    /** Works, noting the ids in order. */
    const noting = async (queue: Queue<Job>, done: string[], concurrency = 1): Promise<void> => {
      await queue.work(async ({ id }) => void done.push(id), concurrency);
    };

    it("hands out every job of a batch once", async () => {
      const { queue } = await newQueue();
      const ids = Array.from({ length: 60 }, (_, index) => `j${index}`);
      await queue.addMany(ids.map((id) => ({ job: { id }, key: id })));
      const done: string[] = [];
      await noting(queue, done, 4);
      await until("all done", () => done.length >= ids.length);
      expect(done).toHaveLength(ids.length);
      expect(new Set(done)).toEqual(new Set(ids));
      await until("empty", async () => {
        const depth = await queue.depth();
        return depth.waiting + depth.active === 0;
      });
    });

    it("does live jobs before crowded ones, and those before bulk jobs, whatever came earlier", async () => {
      const { queue } = await newQueue();
      await queue.add({ id: "bulk" }, { priority: "bulk" });
      await queue.add({ id: "crowded" }, { priority: "crowded" });
      await queue.add({ id: "live-1" }, { priority: "live" });
      await queue.add({ id: "live-2" });
      const done: string[] = [];
      await noting(queue, done);
      await until("all done", () => done.length === 4);
      expect(done).toEqual(["live-1", "live-2", "crowded", "bulk"]);
    });

    it("adds a key once while it waits, and again while it is under way", async () => {
      const { queue } = await newQueue();
      await queue.add({ id: "first" }, { key: "k" });
      await queue.add({ id: "second" }, { key: "k" });
      expect(await queue.depth()).toEqual({ waiting: 1, active: 0 });
      const done: string[] = [];
      let finish = (): void => undefined;
      await queue.work(async ({ id }) => {
        done.push(id);
        if (id === "first") await new Promise<void>((resolve) => (finish = resolve));
      }, 2);
      await until("first under way", () => done.length === 1);
      await queue.add({ id: "third" }, { key: "k" });
      await queue.add({ id: "other" }, { key: "other" });
      await until("other done", () => done.includes("other"));
      expect(done).toEqual(["first", "other"]);
      finish();
      await until("third done", () => done.includes("third"));
      expect(done).toEqual(["first", "other", "third"]);
    });

    it("waits as long as a job is to be delayed, and brings it forward when its key is added without delay", async () => {
      const { queue } = await newQueue();
      const done: string[] = [];
      await noting(queue, done);
      const start = performance.now();
      await queue.add({ id: "soon" }, { delayMs: 300 });
      await queue.add({ id: "late" }, { key: "k", delayMs: 3_600_000 });
      expect(await queue.depth()).toMatchObject({ waiting: 2 });
      await until("soon done", () => done.includes("soon"));
      expect(performance.now() - start).toBeGreaterThanOrEqual(290);
      await queue.add({ id: "late" }, { key: "k" });
      await until("late done", () => done.includes("late"));
    });

    it("goes on after a handler threw, and does not repeat its job", async () => {
      const { queue } = await newQueue();
      const done: string[] = [];
      await queue.add({ id: "bad" }, { key: "bad" });
      await queue.add({ id: "good" });
      await queue.work(async ({ id }) => {
        done.push(id);
        if (id === "bad") throw new Error("handler failed");
      }, 1);
      await until("good done", () => done.includes("good"));
      await until("empty", async () => (await queue.depth()).active === 0);
      expect(done).toEqual(["bad", "good"]);
      await queue.add({ id: "bad" }, { key: "bad" });
      await until("key is free again", () => done.length === 3);
    });

    it("waits at closing for the job under way and leaves the rest for the next start", async () => {
      const { queue, queues, name } = await newQueue();
      const done: string[] = [];
      let finish = (): void => undefined;
      await queue.work(async ({ id }) => {
        await new Promise<void>((resolve) => (finish = resolve));
        done.push(id);
      }, 1);
      await queue.add({ id: "one" });
      await until("one under way", async () => (await queue.depth()).active === 1);
      await queue.add({ id: "two" });
      const closed = queues.close();
      finish();
      await closed;
      expect(done).toEqual(["one"]);
      const next = await test.open();
      onTestFinished(() => next.close());
      await noting(await next.open<Job>(name), done);
      await until("two done", () => done.includes("two"));
    });

    it("answers a ping", async () => {
      const { queues } = await newQueue();
      await expect(queues.ping()).resolves.toBeUndefined();
    });
  });
