import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type ApiClient, openApiClient } from "../../src/cli/api-client.ts";
import * as jobs from "../../src/cli/export-job.ts";
import * as runs from "../../src/cli/export-job-runs.ts";
import { jobBody } from "../../src/cli/export-job-settings.ts";
import { type Flow, startFlow, TOKEN } from "../support/export-flow.ts";
import { type HttpSink, startHttpSink } from "../support/sinks.ts";
import { until } from "../support/until.ts";

/** Sends and events of one tenant, so that nothing else is in the way. */
const TENANT = "operations";

describe("running export jobs", () => {
  let flow: Flow;
  let client: ApiClient;
  let sink: HttpSink;
  let poison = "nothing";
  beforeAll(async () => {
    flow = await startFlow();
    client = openApiClient(flow.service.url ?? "", TOKEN);
    sink = await startHttpSink(({ body }) => ({ status: body.includes(poison) ? 400 : 200 }));
  });
  afterAll(async () => {
    await flow.close();
    await sink.close();
  });
  afterEach(async () => {
    poison = "nothing";
    for (const { id } of (await flow.api.request("GET", "/api/v1/export-jobs")).body.items as { id: string }[])
      await flow.api.request("DELETE", `/api/v1/export-jobs/${id}`);
  });

  async function said(work: (out: (line: string) => void) => Promise<unknown>): Promise<readonly string[]> {
    const lines: string[] = [];
    await work((line) => lines.push(line));
    return lines;
  }
  const create = async (): Promise<string> => {
    const body = jobBody({ name: "soc", dataset: "audit_logs", tenant: TENANT, to: sink.url }, {}, {});
    return (await said((out) => jobs.createJob(body, client, out)))[0] ?? "";
  };
  const emit = async (n: number): Promise<string> => {
    const { store } = flow.service.assembly;
    return (await store.events.append(TENANT, "audit", { change: "policy-applied", by: "test", n }, new Date())).id;
  };
  /** A job with one event in its dead letters, and the id of that event. */
  async function withDeadLetter(): Promise<{ readonly job: string; readonly event: string }> {
    const job = await create();
    await client.call("PATCH", jobs.jobPath(job), jobs.json({ enabled: false }));
    const event = await emit(1);
    await emit(2);
    poison = event;
    await client.call("PATCH", jobs.jobPath(job), jobs.json({ enabled: true }));
    await until("it is parked", async () => (await said((out) => runs.listLetters(job, client, out))).length === 1);
    return { job, event };
  }

  it("from the command line: make, list, change one option, pause, resume, delete", async () => {
    const folder = mkdtempSync(join(tmpdir(), "postern-jobs-"));
    try {
      const file = join(folder, "job.yaml");
      writeFileSync(
        file,
        `destination_conf: ${sink.url}/in?header_Authorization=secret\noutput_options: {sample_rate: 0.5}\n`,
      );
      const options = ["--name", "soc", "--dataset", "audit_logs", "--format", "ecs"];
      const made = await flow.command(["export", "job", "create", file, ...options]);
      expect(made).toMatchObject({ status: 0, stderr: "" });
      const id = made.stdout.trim();
      const [listed] = await said((out) => jobs.listJobs(client, out));
      expect(listed?.split("\t")).toEqual(
        expect.arrayContaining([id, "running", "audit_logs", "ecs", `${sink.url}/in?header_Authorization=***`, "soc"]),
      );
      expect(await flow.command(["export", "job", "set", id, "--privacy", "hash"])).toMatchObject({
        status: 0,
        stdout: `${id}: running\n`,
      });
      expect((await jobs.readJob(id, client)).output_options).toMatchObject({
        output_type: "ecs",
        sample_rate: 0.5,
        privacy: "hash",
      });
      expect(await said((out) => jobs.changeJob(id, { enabled: false }, client, out))).toEqual([`${id}: paused`]);
      expect(await said((out) => jobs.changeJob(id, { enabled: true }, client, out))).toEqual([`${id}: running`]);
      expect(await said((out) => jobs.deleteJob(id, client, out))).toEqual([`${id}: deleted`]);
      await expect(jobs.showJob(id, false, client, () => undefined)).rejects.toThrow("404");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("sends the past of a job again and waits for it; a backfill that was ended is said as such", async () => {
    const job = await create();
    await emit(1);
    const window = { from: new Date("2020-01-01"), to: new Date("2100-01-01") };
    const [line] = await said((out) => runs.backfillJob(job, window, true, client, out, () => undefined));
    const [run = "", state, , , progress = ""] = line?.split("\t") ?? [];
    expect(state).toBe("done");
    expect(progress).toMatch(/^(\d+)\/\1$/);
    expect(await said((out) => runs.listRuns(job, client, out))).toEqual([line]);
    await expect(runs.turnRun(job, run, "cancel", client, () => undefined)).rejects.toThrow("409");
  });

  it("shows the health of a job, with its dead letters, and tries them again", async () => {
    const { job, event } = await withDeadLetter();
    const shown = (await said((out) => jobs.showJob(job, false, client, out))).join("\n");
    expect(shown).toMatch(/soc .*: running[\s\S]*1 lines, \d+ bytes in 1 batches[\s\S]*1 dead letters/);
    poison = "nothing";
    expect(await said((out) => runs.retryLetters(job, [], client, out))).toEqual([
      "1 dead letters will be tried again",
    ]);
    await until("it arrives", () => sink.lines().some((line) => line.includes(event)));
    await until(
      "it is no dead letter",
      async () => (await said((out) => runs.listLetters(job, client, out))).length === 0,
    );
  });

  it("on the console: who is signed in sees health, pauses, resumes and tries dead letters again, and the trail names him", async () => {
    const { job, event } = await withDeadLetter();
    const { service } = flow;
    expect((await fetch(`${service.url}/exports`, { redirect: "manual" })).headers.get("location")).toBe(
      "/sign-in?next=%2Fexports",
    );
    const link = new URL(service.signInLink() ?? "").pathname.split("/").at(-1) ?? "";
    const body = new URLSearchParams({ link });
    const signedIn = await fetch(`${service.url}/sign-in`, { method: "POST", redirect: "manual", body });
    const cookie = (signedIn.headers.get("set-cookie") ?? "").split(";", 1)[0] ?? "";
    const get = async (path: string): Promise<string> =>
      (await fetch(`${service.url}${path}`, { headers: { cookie } })).text();
    const page = await get(`/exports/${job}`);
    const token = /name="form-token" value="([^"]+)"/.exec(page)?.[1] ?? "";
    const letter = /dead-letters\/([^"]+)"/.exec(page)?.[1] ?? "";
    const press = async (path: string, fields: Record<string, string>): Promise<number> => {
      const form = {
        method: "POST",
        redirect: "manual",
        headers: { cookie },
        body: new URLSearchParams(fields),
      } as const;
      return (await fetch(`${service.url}/exports/${path}`, form)).status;
    };
    expect(page).toContain("1 lines");
    expect(page).toContain("status-400");

    expect(await press(job, { turn: "pause" })).toBe(403);
    expect(await press(job, { turn: "pause", "form-token": token })).toBe(303);
    expect(await get("/exports")).toContain("paused");
    poison = "nothing";
    expect(await press(`${job}/dead-letters/${letter}`, { "form-token": token })).toBe(303);
    expect(await press(job, { turn: "resume", "form-token": token })).toBe(303);
    await until("it arrives", () => sink.lines().some((line) => line.includes(event)));
    expect(await press("none", { turn: "pause", "form-token": token })).toBe(404);
    expect(await press(job, { turn: "around", "form-token": token })).toBe(400);
    const trail = (await flow.api.request("GET", `/api/v1/audit?tenant=installation&limit=500`)).body.items as {
      readonly body: { readonly change: string; readonly by: string; readonly resourceId?: string };
    }[];
    const byConsole = trail.filter((entry) => entry.body.resourceId === job && entry.body.by === "administrator");
    expect(byConsole.map((entry) => entry.body.change)).toEqual([
      "export-job-changed",
      "export-dead-letter-retried",
      "export-job-changed",
    ]);
  });
});
