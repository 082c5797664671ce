import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Store } from "../../src/core/store.ts";
import { openQueues } from "../../src/queue/queues.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { openStore } from "../../src/store/store.ts";
import { startPostgres, type TestServer } from "../support/servers.ts";
import { NOON, sentMail } from "../support/servers-samples.ts";
import { until } from "../support/until.ts";

/** Promised (ms), with some room for a busy test machine. */
const WITHIN_MS = 2_500;
const missing = inject("postgresUrl") === null;

describe.skipIf(missing)(`an outage of PostgreSQL${missing ? " (skipped: postgres is not installed)" : ""}`, () => {
  let server: TestServer;
  let database: Database;
  let store: Store;

  beforeAll(async () => {
    server = await startPostgres();
    database = await openDatabase({ databaseUrl: server.url, dataDir: "unused" });
    store = openStore(database);
  });
  afterAll(async () => {
    await database?.close();
    await server?.stop();
  });

  const accept = (id: string): Promise<readonly string[]> => store.inbox.accept([sentMail(id)], NOON);
  const expectOutage = async (): Promise<void> => {
    const start = performance.now();
    const answers = await Promise.allSettled([store.ping(), ...Array.from({ length: 20 }, (_, n) => accept(`x${n}`))]);
    expect(performance.now() - start).toBeLessThan(WITHIN_MS);
    for (const answer of answers) expect(answer).toMatchObject({ reason: { code: "STORE_UNAVAILABLE" } });
  };
  const expectRecovery = (): Promise<unknown> =>
    until("accepting again", () =>
      accept("again").then(
        (ids) => ids.length === 1,
        () => false,
      ),
    );

  it("frozen: queries say so in time, and it recovers when the server goes on", async () => {
    await accept("before");
    server.freeze();
    await expectOutage();
    server.thaw();
    await expectRecovery();
  });

  it("killed: queries say so in time, and it recovers with what was acknowledged when the server is back", async () => {
    const [id] = await accept("kept");
    await server.kill();
    await expectOutage();
    await server.restart();
    await expectRecovery();
    expect(await accept("kept")).toEqual([id]);
  });

  it("does not take a slow query for one", async () => {
    await expect(database.pool.query("select pg_sleep(2.2)")).resolves.toBeDefined();
  });

  it("lets queues go on by themselves when the server is back", async () => {
    const queues = await openQueues({}, database);
    const done: string[] = [];
    const queue = await queues.open<{ readonly id: string }>("outage");
    await queue.work(async ({ id }) => void done.push(id), 2);
    await queue.add({ id: "before" });
    await until("before", () => done.includes("before"));
    await server.kill();
    const start = performance.now();
    await expect(queue.add({ id: "lost" })).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(performance.now() - start).toBeLessThan(WITHIN_MS);
    await server.restart();
    await until("adding again", () =>
      queue.add({ id: "after" }, { key: "after" }).then(
        () => true,
        () => false,
      ),
    );
    await until("after", () => done.includes("after"), 30_000);
    await queues.close();
  });
});
