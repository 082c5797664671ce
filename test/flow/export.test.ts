import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Store } from "../../src/core/store.ts";
import { type Flow, startFlow } from "../support/export-flow.ts";
import { type HttpSink, type SinkAnswer, startHttpSink } from "../support/sinks.ts";
import { until } from "../support/until.ts";

interface Shown {
  readonly id: string;
  readonly destination_conf: string;
  readonly enabled: boolean;
  readonly error_message: string | null;
  readonly health: {
    readonly lines: number;
    readonly parked: number;
    readonly retries: number;
    readonly lag_seconds: number;
  };
}

const ids = (lines: readonly string[]): string[] =>
  lines.map((line) => (JSON.parse(line) as { readonly EventID: string }).EventID);

describe("export jobs", () => {
  let flow: Flow;
  let store: Store;
  const sinks: HttpSink[] = [];
  beforeAll(async () => {
    flow = await startFlow();
    store = flow.service.assembly.store;
  });
  afterAll(() => flow.close());
  afterEach(async () => {
    for (const job of (await flow.api.request("GET", "/api/v1/export-jobs")).body.items as Shown[])
      await flow.api.request("DELETE", `/api/v1/export-jobs/${job.id}`);
    for (const sink of sinks.splice(0)) await sink.close();
  });

  async function sink(decide?: Parameters<typeof startHttpSink>[0]): Promise<HttpSink> {
    const started = await startHttpSink(decide);
    sinks.push(started);
    return started;
  }
  async function create(to: string, change: object = {}): Promise<Shown> {
    const body = { name: "siem", dataset: "audit_logs", destination_conf: to, ...change };
    const answer = await flow.api.request("POST", "/api/v1/export-jobs", body);
    expect(answer.body, JSON.stringify(answer.body)).toHaveProperty("id");
    return answer.body as unknown as Shown;
  }
  const show = async (id: string): Promise<Shown> =>
    (await flow.api.request("GET", `/api/v1/export-jobs/${id}`)).body as unknown as Shown;
  /** Events of a tenant of its own, so that tests do not see one another's. */
  async function emit(tenant: string, count: number, text = ""): Promise<string[]> {
    const made: string[] = [];
    for (let n = 0; n < count; n++)
      made.push(
        (await store.events.append(tenant, "audit", { change: "policy-applied", by: "test", n, text }, new Date())).id,
      );
    return made;
  }

  it("delivers what happens after it was made, in order, each event once to a healthy sink, within two seconds", async () => {
    await emit("before", 3);
    const to = await sink();
    const job = await create(to.url, { tenant: "live" });
    const begun = performance.now();
    const made = await emit("live", 25);
    await until("all delivered", () => to.lines().length >= 25);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(ids(to.lines())).toEqual(made);
    expect(await until("counted", async () => (await show(job.id)).health.lines === 25 && show(job.id))).toMatchObject({
      error_message: null,
      health: { parked: 0, retries: 0, lag_seconds: 0 },
    });
  });

  it("loses nothing while it is paused", async () => {
    const to = await sink();
    const job = await create(to.url, { tenant: "paused" });
    await flow.api.request("PATCH", `/api/v1/export-jobs/${job.id}`, { enabled: false });
    const made = await emit("paused", 5);
    expect(to.lines()).toEqual([]);
    await flow.api.request("PATCH", `/api/v1/export-jobs/${job.id}`, { enabled: true });
    await until("all delivered", () => to.lines().length >= 5);
    expect(ids(to.lines())).toEqual(made);
  });

  it("hides secrets, and refuses what it cannot use with the reason", async () => {
    const to = await sink();
    const job = await create(`${to.url}/in?header_Authorization=Bearer%20geheim`, { tenant: "secrets" });
    expect(job.destination_conf).toBe(`${to.url}/in?header_Authorization=***`);
    expect(to.seen[0]).toMatchObject({ headers: { authorization: "Bearer geheim" }, body: '{"content":"tests"}\n' });
    const same = await flow.api.request("PATCH", `/api/v1/export-jobs/${job.id}`, {
      destination_conf: job.destination_conf,
    });
    expect(same.status).toBe(200);
    const refusals = [
      { destination_conf: "gopher://127.0.0.1:6379/_FLUSHALL" },
      { destination_conf: "http://169.254.169.254/latest/meta-data/" },
      { destination_conf: "file:///etc/passwd" },
      { destination_conf: to.url, output_options: { field_names: ["Nothing"] } },
      { destination_conf: to.url, filter: '{"where":{"key":"Nothing","operator":"eq","value":1}}' },
      { destination_conf: to.url, filter: "{" },
      { destination_conf: (await sink(() => ({ status: 500 }))).url },
    ];
    for (const change of refusals) {
      const body = { name: "siem", dataset: "audit_logs", ...change };
      const { status, body: problem } = await flow.api.request("POST", "/api/v1/export-jobs", body);
      expect({ status, code: problem.code }, JSON.stringify(change)).toEqual({ status: 400, code: "REQUEST_INVALID" });
    }
  });

  it("leaves an audit trail of its own changes", async () => {
    const to = await sink();
    const { id } = await create(to.url, { tenant: "trail" });
    await flow.api.request("PATCH", `/api/v1/export-jobs/${id}`, { enabled: false });
    await flow.api.request("DELETE", `/api/v1/export-jobs/${id}`);
    const { body } = await flow.api.request("GET", "/api/v1/audit?tenant=installation&limit=500");
    const changes = (body.items as { body: { change: string; resourceId?: string; by: string } }[])
      .filter((event) => event.body.resourceId === id)
      .map((event) => event.body.change);
    expect(changes).toEqual(["export-job-created", "export-job-changed", "export-job-deleted"]);
    expect((await flow.api.request("GET", "/api/v1/audit/verify?tenant=installation")).body.brokenAt).toBeNull();
  });

  it("parks a record that is always refused, lets the others through, and delivers it when told to", async () => {
    let cured = false;
    let poison = "";
    const to = await sink(
      ({ body }): SinkAnswer => ({ status: !cured && poison !== "" && body.includes(poison) ? 400 : 200 }),
    );
    const job = await create(to.url, { tenant: "poison", enabled: false });
    const made = await emit("poison", 40);
    poison = made[17] ?? "";
    await flow.api.request("PATCH", `/api/v1/export-jobs/${job.id}`, { enabled: true });
    await until("the others are delivered", () => to.lines().length >= 39);
    expect(ids(to.lines())).toEqual(made.filter((id) => id !== poison));
    expect(to.seen.length).toBeLessThan(20);
    const letters = await until("it is parked", async () => {
      const { items } = (await flow.api.request("GET", `/api/v1/export-jobs/${job.id}/dead-letters`)).body;
      return (
        (items as { id: string; reason: string; first_sequence: number }[]).length === 1 && (items as { id: string }[])
      );
    });
    expect(letters[0]).toMatchObject({ first_sequence: 18, last_sequence: 18, reason: "status-400" });
    cured = true;
    await flow.api.request("POST", `/api/v1/export-jobs/${job.id}/dead-letters/${letters[0]?.id}/retry`);
    await until("it is delivered", () => ids(to.lines()).includes(poison));
    expect((await flow.api.request("GET", `/api/v1/export-jobs/${job.id}/dead-letters`)).body.items).toEqual([]);
  });

  it("splits what is too large, and shortens a record that is too large by itself", async () => {
    const to = await sink(({ body }) => ({ status: body.length > 4_000 ? 413 : 200 }));
    const job = await create(to.url, { tenant: "large", enabled: false });
    const made = [...(await emit("large", 20, "x".repeat(300))), ...(await emit("large", 1, "y".repeat(9_000)))];
    await flow.api.request("PATCH", `/api/v1/export-jobs/${job.id}`, { enabled: true });
    await until("all delivered", () => to.lines().length >= 21);
    expect(ids(to.lines())).toEqual(made);
    expect(JSON.parse(to.lines().at(-1) ?? "")).toMatchObject({ Truncated: true });
    expect((await show(job.id)).health.parked).toBe(0);
  });

  it("sends a past window again: same ids, marked, with progress, resumable after a cancel", async () => {
    const made = await emit("past", 30);
    const to = await sink();
    const job = await create(to.url, { tenant: "past" });
    const window = { from: "2020-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z" };
    const path = `/api/v1/export-jobs/${job.id}/backfill`;
    await flow.api.request("PATCH", `/api/v1/export-jobs/${job.id}`, { enabled: false });
    const { status, body: run } = await flow.api.request("POST", path, window);
    expect({ status, state: run.state, total: run.total }).toEqual({ status: 202, state: "running", total: 30 });
    expect((await flow.api.request("POST", `${path}/${String(run.id)}/cancel`)).body.state).toBe("cancelled");
    expect((await flow.api.request("POST", `${path}/${String(run.id)}/cancel`)).status).toBe(409);
    expect((await flow.api.request("POST", `${path}/${String(run.id)}/resume`)).body.state).toBe("running");
    await flow.api.request("PATCH", `/api/v1/export-jobs/${job.id}`, { enabled: true });
    const done = await until("it is done", async () => {
      const { body } = await flow.api.request("GET", `${path}/${String(run.id)}`);
      return body.state === "done" && body;
    });
    expect(done.done).toBe(30);
    expect(ids(to.lines())).toEqual(made);
    for (const line of to.lines())
      expect(JSON.parse(line)).toMatchObject({ export: { run_id: run.id, backfill: true } });
  });

  it("exports the past from the command line, to a file and to a collector", async () => {
    const made = await emit("cli", 12);
    const folder = mkdtempSync(join(tmpdir(), "postern-export-"));
    try {
      const file = join(folder, "events.ndjson");
      const window = ["export", "--since", "2020-01-01T00:00:00Z"];
      expect(await flow.command([...window, "--to", `file://${file}`])).toMatchObject({ status: 0 });
      const lines = readFileSync(file, "utf8").trim().split("\n");
      expect(ids(lines)).toEqual(expect.arrayContaining(made));
      expect(lines.every((line) => line.includes('"backfill":true'))).toBe(true);
      const to = await sink();
      expect(await flow.command([...window, "--format", "ecs", "--to", to.url])).toMatchObject({ status: 0 });
      expect(to.lines()).toHaveLength(lines.length);
      expect(await flow.command(["export", "--since", "yesterday"])).toMatchObject({ status: 2, stdout: "" });
      const printed = await flow.command([...window, "--until", "2020-02-01T00:00:00Z", "--format", "cef"]);
      expect(printed).toMatchObject({ status: 0, stdout: "" });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
