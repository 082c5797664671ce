import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { MicrosoftSandbox } from "../../connectors/sandbox/microsoft/sandbox.ts";
import type { Environment } from "../support/flow-service.ts";
import { microsoftEnvironment, microsoftSettings, startPeopledMicrosoft } from "../support/microsoft-service.ts";
import { type ServiceProcess, serviceProcess } from "../support/process-service.ts";
import { until } from "../support/until.ts";
import { ann, bob, boss, CARD, carl, dora, mail, policyWith } from "./mail.ts";
import { allRecords, closedLedger, connect, finishedOne, notices, PATIENCE_MS, START_MS } from "./watching.ts";

const SENDERS = [ann, bob, carl, dora];
/** Longest time from SIGTERM to the end of the process. */
const STOP_MS = 20_000;

async function sendMany(sandbox: MicrosoftSandbox, name: string, count: number): Promise<readonly string[]> {
  const subjects = Array.from({ length: count }, (_, index) => `${name}-${index}`);
  for (const [index, subject] of subjects.entries()) {
    const from = SENDERS[index % SENDERS.length] as string;
    await sandbox.send(from, mail(subject, { from, text: index % 4 === 0 ? CARD : "hello" }));
  }
  return subjects;
}

/** Moves that took effect, each of another message. */
function expectNoDoubleMove(sandbox: MicrosoftSandbox): void {
  const moves = sandbox.requests.filter(({ path, status }) => path.endsWith("/move") && status === 201);
  expect(new Set(moves.map(({ path }) => path)).size).toBe(moves.length);
}

describe("SIGTERM of the embedded service", { timeout: 4 * PATIENCE_MS }, () => {
  let sandbox: MicrosoftSandbox;
  let service: ServiceProcess;
  beforeAll(async () => {
    sandbox = await startPeopledMicrosoft();
    service = await serviceProcess({ ...microsoftEnvironment(sandbox), POSTERN_CATCH_UP_SECONDS: "2" });
    await service.start();
    await connect(service.api, microsoftSettings(sandbox), policyWith());
    await until("subscriptions", () => sandbox.subscriptions.size >= 6, PATIENCE_MS);
  }, START_MS);
  afterAll(async () => {
    await service.close();
    await sandbox.close();
  });

  it("ends in time, loses nothing and repeats nothing", async () => {
    sandbox.quirks.latencyMs = 50;
    const subjects = await sendMany(sandbox, "stopped", 20);
    await until("work under way", () => sandbox.requests.some(({ path }) => path.endsWith("/$value")), PATIENCE_MS);
    const { status, ms } = await service.terminate();
    expect({ status, inTime: ms < STOP_MS }).toEqual({ status: 0, inTime: true });
    sandbox.quirks.latencyMs = 0;
    await service.start();
    for (const subject of subjects) await finishedOne(service.api, subject);
    expect(await closedLedger(service.api, 20)).toMatchObject({ dead: 0, missing: 0 });
    expect(await allRecords(service.api)).toHaveLength(20);
    expectNoDoubleMove(sandbox);
  });
});

const postgresUrl = inject("postgresUrl");
const redisUrl = inject("redisUrl");
const BACKENDS = [
  { name: "PostgreSQL", missing: postgresUrl === null, redis: false },
  { name: "PostgreSQL and Redis", missing: postgresUrl === null || redisUrl === null, redis: true },
];

describe.each(BACKENDS)("one web process and two workers on $name", { timeout: 4 * PATIENCE_MS }, (backend) => {
  let sandbox: MicrosoftSandbox;
  let web: ServiceProcess;
  let workers: readonly ServiceProcess[] = [];
  const database = `flow_${randomBytes(6).toString("hex")}`;

  beforeAll(async () => {
    if (backend.missing) return;
    sandbox = await startPeopledMicrosoft();
    await administer(`create database ${database}`);
    const shared: Environment = {
      ...microsoftEnvironment(sandbox),
      DATABASE_URL: databaseUrl(database),
      ...(backend.redis ? { REDIS_URL: `${redisUrl}/9` } : {}),
      POSTERN_SECRET: randomBytes(32).toString("base64"),
      POSTERN_CATCH_UP_SECONDS: "5",
      POSTERN_LEASE_SECONDS: "8",
    };
    web = await serviceProcess(shared, "web");
    await web.start();
    // Providers reach the web process, whoever registers with them.
    const address = { ...shared, POSTERN_PUBLIC_URL: web.url };
    workers = await Promise.all([serviceProcess(address, "worker"), serviceProcess(address, "worker")]);
    for (const worker of workers) await worker.start();
    await connect(web.api, microsoftSettings(sandbox), policyWith());
    await until("subscriptions", () => sandbox.subscriptions.size >= 6, START_MS);
  }, 2 * START_MS);
  afterAll(async () => {
    if (backend.missing) return;
    for (const process of [...workers, web]) await process.close();
    await sandbox.close();
    await administer(`drop database if exists ${database} with (force)`);
  });

  it.skipIf(backend.missing)("share the work without doing anything twice", async () => {
    sandbox.notifications.copies = () => 2;
    const subjects = await sendMany(sandbox, "shared", 24);
    for (const subject of subjects) await finishedOne(web.api, subject, 2 * PATIENCE_MS);
    await closedLedger(web.api, 24);
    sandbox.notifications.copies = () => 1;
    expect(await allRecords(web.api)).toHaveLength(24);
    expectNoDoubleMove(sandbox);
  });

  it.skipIf(backend.missing)("finish what a killed worker had begun, once", async () => {
    const move = sandbox.faults.add({ method: "POST", path: "*/move", mailbox: ann, effect: { hold: "after" } });
    await sandbox.send(ann, mail("orphaned", { text: CARD }));
    await move.arrived();
    for (const worker of workers) await worker.kill();
    await workers[0]?.start();
    const record = await finishedOne(web.api, "orphaned", 3 * PATIENCE_MS);
    expect(record.actions.find(({ kind }) => kind === "quarantine")?.state).toBe("done");
    const copies = sandbox.messages(ann).filter(({ subject }) => subject === "orphaned");
    expect(copies.map(({ folder }) => folder === "sentitems")).toEqual([false]);
    for (const person of [ann, boss]) expect(notices(sandbox.messages(person), record.id)).toHaveLength(1);
    expectNoDoubleMove(sandbox);
  });

  it.skipIf(backend.missing)("let a worker stop while there is work, and another go on", async () => {
    await workers[1]?.start();
    const subjects = await sendMany(sandbox, "handed-over", 16);
    await until(
      "work under way",
      async () => (await allRecords(web.api)).some(({ subject }) => subject.startsWith("handed-over")),
      2 * PATIENCE_MS,
    );
    const { status, ms } = (await workers[0]?.terminate()) ?? { status: null, ms: 0 };
    expect({ status, inTime: ms < STOP_MS }).toEqual({ status: 0, inTime: true });
    for (const subject of subjects) await finishedOne(web.api, subject, 2 * PATIENCE_MS);
    expect(await closedLedger(web.api, 41)).toMatchObject({ dead: 0, missing: 0 });
    expect(await allRecords(web.api)).toHaveLength(41);
  });
});

function databaseUrl(name: string): string {
  const url = new URL(postgresUrl ?? "");
  url.pathname = `/${name}`;
  return url.href;
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl ?? "" });
  await client.connect();
  await client.query(statement);
  await client.end();
}
