import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openQueues } from "../../src/queue/queues.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { openStore } from "../../src/store/store.ts";
import { NOON, sentMail } from "../support/servers-samples.ts";
import { runAndKill } from "../support/servers-victim.ts";
import { until } from "../support/until.ts";

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "postern-embedded-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function open(dataDir: string): Promise<Database> {
  const database = await openDatabase({ dataDir });
  onTestFinished(() => database.close());
  return database;
}

describe("the embedded database", () => {
  it("has everything that was acknowledged before its process was killed", async () => {
    const folder = newFolder();
    const lines = await runAndKill(["accept", folder], 60);
    const database = await open(folder);
    const { rows } = await database.pool.query<{ id: string }>(
      "select 'inbox ' || id as id from postern.inbox union all select 'message ' || id from postern.messages",
    );
    const stored = new Set(rows.map((row) => row.id));
    expect(lines.length).toBeGreaterThanOrEqual(60);
    expect(lines.filter((line) => !stored.has(line))).toEqual([]);
    expect((await openStore(database).events.verify("t1")).brokenAt).toBeNull();
  });

  it("gives the job that a killed process was doing to the next process", async () => {
    const folder = newFolder();
    expect(await runAndKill(["work", folder], 1)).toEqual(["job taken"]);
    const queues = await openQueues({}, await open(folder));
    onTestFinished(() => queues.close());
    const done: string[] = [];
    const queue = await queues.open<{ readonly id: string }>("killed");
    await queue.work(async ({ id }) => void done.push(id), 1);
    await until("taken up again", () => done.includes("taken"), 30_000);
  });

  it("refuses a folder that is open, and says so", async () => {
    const folder = newFolder();
    const database = await open(folder);
    await expect(openDatabase({ dataDir: folder })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await database.close();
    await open(folder);
  });

  it("begins anew when an earlier first start was cut off", async () => {
    const folder = newFolder();
    const first = await openDatabase({ dataDir: folder });
    await first.close();
    rmSync(join(folder, "database.made"));
    writeFileSync(join(folder, "database", "PG_VERSION"), "");
    const store = openStore(await open(folder));
    expect(await store.inbox.accept([sentMail("m1")], NOON)).toHaveLength(1);
    expect(existsSync(join(folder, "database.made"))).toBe(true);
  });

  it("answers STORE_UNAVAILABLE once it is closed", async () => {
    const database = await openDatabase({ dataDir: newFolder() });
    const store = openStore(database);
    await store.close();
    await expect(store.ping()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await expect(store.inbox.accept([sentMail("m1")], NOON)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });
});
