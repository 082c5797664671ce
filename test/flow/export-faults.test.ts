import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDestination } from "../../connectors/destinations/open.ts";
import type { Store } from "../../src/core/store.ts";
import { type Exporter, startExporter } from "../../src/export/exporter.ts";
import { type NewJob, newJobSchema } from "../../src/export/job-settings.ts";
import { openStore } from "../../src/store/store.ts";
import { newDatabase, type TestDatabase } from "../support/servers-databases.ts";
import { type HttpSink, type SinkAnswer, startHttpSink } from "../support/sinks.ts";
import { until } from "../support/until.ts";

/** P10 says 5,000; a tenth of them finds the same faults sooner. `POSTERN_EXPORT_EVENTS=5000` for the whole. */
const EVENTS = Number(process.env.POSTERN_EXPORT_EVENTS ?? 500);
/** Milliseconds that the slowest destination may take. */
const PATIENCE_MS = 60_000 * Math.max(1, EVENTS / 500);
const KILLS = 10;
const BATCH = 20;
/** Stands for the 1 MiB of a real receiver. */
const MOST_BODY = 6_000;
const DOWN_MS = 2_000;
const SETTINGS = { network: { allowPrivate: true, extraPorts: [] }, folder: "/nowhere" };
const QUIET = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const idOf = (line: string): string => (JSON.parse(line) as { readonly EventID: string }).EventID;

describe("the exporter under faults", () => {
  let test: TestDatabase;
  let store: Store;
  beforeAll(async () => {
    test = await newDatabase("pglite");
    store = openStore(test.database);
  });
  afterAll(() => test.remove());

  function start(): Exporter {
    return startExporter({
      exports: store.exports,
      events: store.events,
      leases: store.leases,
      leaseMs: 30_000,
      openDestination: (job) => openDestination(job.sealedDestination, SETTINGS),
      version: "test",
      hashKey: new Uint8Array(32),
      clock: { now: () => new Date() },
      logger: QUIET,
    });
  }

  async function job(to: string, tenant: string): Promise<string> {
    const input: NewJob = newJobSchema.parse({
      name: "x",
      dataset: "audit_logs",
      destination_conf: to,
      max_upload_records: BATCH,
    });
    const settings = {
      output: input.output_options,
      filter: null,
      maxUploadBytes: input.max_upload_bytes,
      maxUploadRecords: input.max_upload_records,
      maxUploadIntervalSeconds: 1,
    };
    const id = randomUUID();
    await store.exports.createJob(
      {
        id,
        name: "x",
        dataset: "audit_logs",
        enabled: true,
        tenantId: tenant,
        settings,
        sealedDestination: to,
        shownDestination: to,
      },
      new Date(),
    );
    return id;
  }

  const emit = async (tenant: string, n: number): Promise<string> =>
    (await store.events.append(tenant, "audit", { change: "policy-applied", by: "test", n }, new Date())).id;

  it(`delivers ${EVENTS} events to three sinks as promised, killed ${KILLS} times (P10)`, {
    timeout: 2 * PATIENCE_MS,
  }, async () => {
    const tenant = randomUUID();
    let poison = "";
    let unanswered = 0;
    let [bDownUntil, cIsDown] = [Number.POSITIVE_INFINITY, true];
    const arrivals = new Map<string, number>();
    const a = await startHttpSink(({ body }) => {
      for (const line of body.trim().split("\n")) arrivals.set(idOf(line), performance.now());
      return { status: 200 };
    });
    const batches = new Set<unknown>();
    const kept: string[] = [];
    const b = await startHttpSink(({ body, headers }): SinkAnswer => {
      if (performance.now() < bDownUntil) return { status: 503 };
      if (poison !== "" && body.includes(poison)) return { status: 400 };
      if (body.length > MOST_BODY) return { status: 413 };
      const key = headers["idempotency-key"];
      if (batches.has(key)) return { status: 200 };
      batches.add(key);
      const ids = body.trim().split("\n").map(idOf);
      kept.push(...ids);
      if (batches.size % 10 === 3) return { hangUp: true, stored: false };
      if (batches.size % 5 !== 1) return { status: 200 };
      unanswered += ids.length;
      return { hangUp: true, stored: true };
    });
    const c = await startHttpSink(() => (cIsDown ? { status: 503 } : { status: 200 }));
    const sinks: readonly HttpSink[] = [a, b, c];
    const jobs = await Promise.all(sinks.map((sink) => job(sink.url, tenant)));
    let exporter = start();
    const made: string[] = [];
    const written = new Map<string, number>();
    try {
      bDownUntil = performance.now() + DOWN_MS;
      for (let n = 0; n < EVENTS; n++) {
        const id = await emit(tenant, n);
        made.push(id);
        written.set(id, performance.now());
        if (n === 77) poison = id;
        if (n % (EVENTS / KILLS) === EVENTS / KILLS - 1) {
          await exporter.stop();
          exporter = start();
        }
        if (n % 5 === 0) await pause(10);
      }
      await until("A has everything", () => new Set(a.lines().map(idOf)).size === EVENTS, PATIENCE_MS);
      await until(
        "B has everything but the poison",
        () => new Set(b.lines().map(idOf)).size === EVENTS - 1,
        PATIENCE_MS,
      );
      const letters = await until("B's poison is parked", async () => {
        const { items } = await store.exports.deadLetters(jobs[1] ?? "", { limit: 10 });
        return items.length > 0 && items;
      });
      expect(letters).toMatchObject([{ firstSequence: 78, lastSequence: 78, reason: "status-400" }]);
      expect(c.lines()).toEqual([]);
      expect(await store.exports.oldestWaiting(jobs[2] ?? "")).not.toBeNull();
      cIsDown = false;
      await exporter.stop();
      exporter = start();
      await until("C has everything", () => new Set(c.lines().map(idOf)).size === EVENTS, PATIENCE_MS);

      expect([...new Set(a.lines().map(idOf))]).toEqual(made);
      expect([...new Set(c.lines().map(idOf))]).toEqual(made);
      expect(new Set(b.lines().map(idOf))).toEqual(new Set(made.filter((id) => id !== poison)));
      for (const sink of sinks) expect(new Set(sink.lines()).size).toBe(new Set(sink.lines().map(idOf)).size);
      // A repeat has its reason: an answer that was lost, or one upload that a kill cut off.
      const repeats = b.lines().length - (EVENTS - 1);
      expect(repeats).toBeLessThanOrEqual(unanswered + KILLS * BATCH);
      // In P10's own measure, which the kills of a shorter run would exceed by themselves.
      if (EVENTS >= 5_000) expect(repeats).toBeLessThanOrEqual(0.25 * EVENTS);
      // Who honours the keys keeps each event once.
      expect(kept).toHaveLength(EVENTS - 1);
      const delays = made.map((id) => (arrivals.get(id) ?? 0) - (written.get(id) ?? 0)).sort((x, y) => x - y);
      expect(delays[Math.floor(EVENTS * 0.95)]).toBeLessThan(5_000);
    } finally {
      await exporter.stop();
      await Promise.all(sinks.map((sink) => sink.close()));
    }
  });

  it("parks one refused event as soon as those behind it are taken, though its batch was begun alone", async () => {
    const tenant = randomUUID();
    let poison = "none";
    const sink = await startHttpSink(({ body }) => ({ status: body.includes(poison) ? 400 : 200 }));
    const id = await job(sink.url, tenant);
    poison = await emit(tenant, 0);
    const exporter = start();
    try {
      await until("the refusal", () => sink.seen.length > 0);
      expect((await store.exports.deadLetters(id, { limit: 10 })).items).toEqual([]);
      const others = [await emit(tenant, 1), await emit(tenant, 2)];
      await until("the others", () => sink.lines().length === others.length);
      expect(sink.lines().map(idOf)).toEqual(others);
      const letters = await until("the parked event", async () => {
        const { items } = await store.exports.deadLetters(id, { limit: 10 });
        return items.length > 0 && items;
      });
      expect(letters).toMatchObject([{ firstSequence: 1, lastSequence: 1, reason: "status-400" }]);
    } finally {
      await exporter.stop();
      await sink.close();
    }
  });

  it("says that events were lost when retention was faster", async () => {
    const tenant = randomUUID();
    const sink = await startHttpSink();
    await job(sink.url, tenant);
    const made = await Promise.all([0, 1, 2, 3, 4, 5].map((n) => emit(tenant, n)));
    await test.database.pool.query(
      `delete from postern.events where tenant_id = '${tenant}' and sequence between 2 and 4`,
    );
    const exporter = start();
    try {
      await until("the loss is told", () => sink.lines().some((line) => line.includes("export-loss")));
      const left = (await store.events.list(tenant, 0, 10)).slice(0, 3).map(({ id }) => id);
      expect(left.every((id) => made.includes(id))).toBe(true);
      expect(sink.lines().map(idOf).slice(0, 3)).toEqual(left);
      expect(JSON.parse(sink.lines().at(-1) ?? "")).toMatchObject({
        Category: "coverage",
        ActionType: "export-loss",
        Metadata: { first: 2, last: 4, count: 3 },
      });
    } finally {
      await exporter.stop();
      await sink.close();
    }
  });

  it("repeats the same batch, under the same key and with the same bytes, after it was killed in an upload", async () => {
    const tenant = randomUUID();
    let isSilent = true;
    const sink = await startHttpSink((): SinkAnswer => (isSilent ? { silent: true } : { status: 200 }));
    await job(sink.url, tenant);
    for (let n = 0; n < 5; n++) await emit(tenant, n);
    let exporter = start();
    try {
      await until("the first attempt", () => sink.seen.length === 1);
      await exporter.stop();
      for (let n = 5; n < 8; n++) await emit(tenant, n);
      isSilent = false;
      exporter = start();
      await until("all delivered", () => sink.lines().length === 8);
      expect(sink.seen[1]?.body).toBe(sink.seen[0]?.body);
      expect(sink.seen[1]?.headers["idempotency-key"]).toBe(sink.seen[0]?.headers["idempotency-key"]);
      expect(sink.seen[2]?.headers["idempotency-key"]).not.toBe(sink.seen[0]?.headers["idempotency-key"]);
    } finally {
      await exporter.stop();
      await sink.close();
    }
  });
});
