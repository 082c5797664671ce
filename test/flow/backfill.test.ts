import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startMicrosoftSandbox } from "../../connectors/sandbox/microsoft/sandbox.ts";
import type { Api, ApiReply } from "../support/api.ts";
import { type FlowService, startFlowService } from "../support/flow-service.ts";
import { googleEnvironment, googleSettings, startPeopledGoogle } from "../support/google-service.ts";
import { checkGoogleRequest, hasGoogleSpecs } from "../support/google-spec.ts";
import { checkGraphRequest } from "../support/graph-spec.ts";
import { DOMAIN, microsoftEnvironment, microsoftSettings } from "../support/microsoft-service.ts";
import { until } from "../support/until.ts";
import { ann, bob, boss, CARD, CODE_NAME, mail, policyWith } from "./mail.ts";
import { connect, finishedOne, notices, PATIENCE_MS, recordsOf, START_MS } from "./watching.ts";

const DAY_MS = 86_400_000;

interface Copy {
  readonly subject: string;
  readonly mime: Uint8Array;
}

/** A provider with people, whose past can be written before the tenant is connected. */
interface Past {
  readonly environment: Readonly<Record<string, string>>;
  readonly settings: Record<string, unknown>;
  /** Puts a mail into somebody's sent mail, so many days ago. */
  sentDaysAgo(days: number, from: string, mime: Buffer): Promise<void>;
  sendNow(from: string, mime: Buffer): Promise<unknown>;
  /** Copies in a mailbox that the owner can see. */
  visible(address: string): readonly Copy[];
  /** Requests that would change something, and violations of the provider's description. */
  changes(): readonly string[];
  violations(): readonly unknown[];
  close(): Promise<void>;
}

async function microsoftPast(): Promise<Past> {
  let offsetMs = 0;
  const sandbox = await startMicrosoftSandbox({ domains: [DOMAIN], clock: () => new Date(Date.now() + offsetMs) });
  for (const name of ["ann", "bob", "dlp", "boss"])
    sandbox.addUser({ address: `${name}@${DOMAIN}`, displayName: name, manager: `boss@${DOMAIN}` });
  return {
    environment: microsoftEnvironment(sandbox),
    settings: microsoftSettings(sandbox),
    async sentDaysAgo(days, from, mime) {
      offsetMs = -days * DAY_MS;
      await sandbox.send(from, mime);
      offsetMs = 0;
    },
    sendNow: (from, mime) => sandbox.send(from, mime),
    visible: (address) => [...sandbox.messages(address, "sentitems"), ...sandbox.messages(address, "inbox")],
    changes: () =>
      sandbox.requests
        .filter(({ method, path }) => method !== "GET" && !/\/(subscriptions|token)(\/|$)/.test(path))
        .map(({ method, path }) => `${method} ${path}`),
    violations: () => sandbox.requests.flatMap((seen) => checkGraphRequest(seen)),
    close: () => sandbox.close(),
  };
}

async function googlePast(): Promise<Past> {
  const sandbox = await startPeopledGoogle();
  return {
    environment: googleEnvironment(sandbox),
    settings: googleSettings(sandbox),
    async sentDaysAgo(days, from, mime) {
      sandbox.deposit(from, mime, { labels: ["SENT"], at: new Date(Date.now() - days * DAY_MS) });
    },
    sendNow: (from, mime) => sandbox.send(from, mime),
    visible: (address) => sandbox.messages(address).filter(({ labels }) => !labels.includes("TRASH")),
    changes: () =>
      sandbox.requests
        .filter(({ method, path }) => method !== "GET" && /\/messages/.test(path))
        .map(({ method, path }) => `${method} ${path}`),
    violations: () => (hasGoogleSpecs ? sandbox.requests.flatMap((seen) => checkGoogleRequest(seen)) : []),
    close: () => sandbox.close(),
  };
}

interface Progress {
  readonly id: string;
  readonly state: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly mailboxes: Readonly<Record<string, number>>;
}

const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();

function backfills(api: Api) {
  const begin = (body: object): Promise<ApiReply> => api.request("POST", "/api/v1/backfills", body);
  const look = async (id: string): Promise<Progress> =>
    (await api.request("GET", `/api/v1/backfills/${id}`)).body as unknown as Progress;
  const done = (id: string) =>
    until(
      "a backfill that is done",
      async () => {
        const progress = await look(id);
        return progress.state === "done" && progress;
      },
      2 * PATIENCE_MS,
    );
  return {
    begin,
    look,
    done,
    async run(body: object): Promise<Progress> {
      const { status, body: made } = await begin(body);
      expect(status, JSON.stringify(made)).toBe(201);
      return done(made.id as string);
    },
    turn: (id: string, verb: string) => api.request("POST", `/api/v1/backfills/${id}/${verb}`),
  };
}

for (const [provider, start] of [
  ["Microsoft 365", microsoftPast],
  ["Google Workspace", googlePast],
] as const)
  describe(`the past of a ${provider} tenant`, { timeout: 4 * PATIENCE_MS }, () => {
    let past: Past;
    let flow: FlowService;
    let tenant: string;
    beforeAll(async () => {
      past = await start();
      await past.sentDaysAgo(30, ann, mail("long-ago", { text: CARD }));
      await past.sentDaysAgo(9, ann, mail("nine-days", { text: CARD }));
      await past.sentDaysAgo(5, ann, mail("five-days"));
      await past.sentDaysAgo(4, bob, mail("bobs", { from: bob, text: CODE_NAME }));
      await past.sentDaysAgo(1, boss, mail("bosses", { from: boss }));
      for (let number = 0; number < 40; number++)
        await past.sentDaysAgo(20 + number / 10, boss, mail(`many-${number}`, { from: boss }));
      flow = await startFlowService({ POSTERN_BACKFILL_PER_SECOND: "100", ...past.environment });
      tenant = await connect(flow.api, past.settings, policyWith());
    }, START_MS);
    afterAll(async () => {
      await flow.close();
      expect(past.violations()).toEqual([]);
      await past.close();
    });

    it("records the verdicts of the window with the trigger backfill, and touches nothing", async () => {
      const before = past.changes();
      const { run } = backfills(flow.api);
      const { counts, mailboxes } = await run({ tenant, since: daysAgo(10), until: daysAgo(0.5) });
      expect(counts).toEqual({
        ...{ listed: 4, scanned: 4, already: 0, skipped: 0, failed: 0 },
        ...{ findings: 2, incidents: 2 },
      });
      expect(mailboxes).toEqual({ total: mailboxes.total, listed: mailboxes.total, done: mailboxes.total, failed: 0 });
      const record = await finishedOne(flow.api, "nine-days");
      expect(record).toMatchObject({ trigger: "backfill", stage: "sent", verdict: "block", mailbox: ann });
      expect(new Set(record.actions.map(({ state }) => state))).toEqual(new Set(["not-possible"]));
      expect(record.actions.find(({ kind }) => kind === "quarantine")?.reason).toBe("not-asked");
      expect((await finishedOne(flow.api, "bobs")).verdict).toBe("warn");
      expect(await recordsOf(flow.api, "long-ago")).toEqual([]);
      expect(await flow.api.quarantine()).toEqual([]);
      expect(past.changes()).toEqual(before);
      expect(past.visible(ann).map(({ subject }) => subject)).toContain("nine-days");
    });

    it("makes nothing twice over the same window, and leaves alone what was scanned live", async () => {
      await past.sendNow(bob, mail("live", { from: bob }));
      await finishedOne(flow.api, "live");
      const { counts } = await backfills(flow.api).run({ tenant, since: daysAgo(10) });
      expect(counts).toMatchObject({ listed: 5, scanned: 0, already: 5, findings: 0, incidents: 0 });
      for (const subject of ["nine-days", "bobs", "live"]) await finishedOne(flow.api, subject);
    });

    it("acts when it is asked to, also on what was only recorded before, and once", async () => {
      const request = { tenant, since: daysAgo(10), until: daysAgo(0.5), mailboxes: [ann], act: true };
      const { counts, mailboxes } = await backfills(flow.api).run(request);
      expect(mailboxes.total).toBe(1);
      expect(counts).toMatchObject({ listed: 2, scanned: 1, already: 1, incidents: 1 });
      const [record] = await until("the finished actions", async () => {
        const records = await recordsOf(flow.api, "nine-days");
        return (
          records.length === 2 && records.every(({ actions }) => actions.every((a) => a.state !== "planned")) && records
        );
      });
      expect(record).toMatchObject({ trigger: "backfill", verdict: "block" });
      expect(record?.actions.find(({ kind }) => kind === "quarantine")?.state).toBe("done");
      expect(past.visible(ann).map(({ subject }) => subject)).not.toContain("nine-days");
      expect(notices(past.visible(ann), record?.id)).toHaveLength(1);
      expect(await flow.api.quarantine()).toHaveLength(1);
      const second = await backfills(flow.api).run(request);
      expect(second.counts).toMatchObject({ scanned: 0, incidents: 0 });
      expect(await recordsOf(flow.api, "nine-days")).toHaveLength(2);
    });

    it("decides anew under another policy with `again`, once for each revision", async () => {
      const changed = policyWith(", notify.error.managers: false").replace("action: warn", "action: quarantine");
      expect((await flow.api.request("PUT", "/api/v1/policy", changed, "application/yaml")).status).toBe(200);
      const request = { tenant, since: daysAgo(10), mailboxes: [bob], again: true };
      const first = await backfills(flow.api).run(request);
      expect(first.counts).toMatchObject({ listed: 2, scanned: 2, incidents: 1 });
      const verdicts = (await recordsOf(flow.api, "bobs")).map(({ verdict }) => verdict);
      expect(verdicts).toEqual(["quarantine", "warn"]);
      const second = await backfills(flow.api).run(request);
      expect(second.counts).toMatchObject({ listed: 2, scanned: 0, already: 2 });
    });

    it("pauses, resumes, cancels, and says what it is that cannot be", async () => {
      await flow.restart({ POSTERN_BACKFILL_PER_SECOND: "20" });
      const { begin, look, done, turn } = backfills(flow.api);
      const { body } = await begin({ tenant, since: daysAgo(28), until: daysAgo(15) });
      const id = body.id as string;
      await until("its first messages", async () => ((await look(id)).counts.scanned ?? 0) > 2, PATIENCE_MS);
      expect(await turn(id, "pause")).toMatchObject({ status: 200, body: { state: "paused" } });
      expect((await turn(id, "pause")).status).toBe(409);
      expect((await look(id)).counts.scanned).toBeLessThan(40);
      // A stop in the middle, then a start: it goes on where it was.
      await flow.restart({ POSTERN_BACKFILL_PER_SECOND: "100" });
      expect(await look(id)).toMatchObject({ state: "paused" });
      expect((await turn(id, "resume")).status).toBe(200);
      const { counts } = await done(id);
      expect(counts).toMatchObject({ listed: 40, scanned: 40, already: 0, failed: 0 });
      expect((await turn(id, "cancel")).status).toBe(409);

      const other = (await begin({ tenant, since: daysAgo(28) })).body.id as string;
      expect(await turn(other, "cancel")).toMatchObject({ status: 200, body: { state: "cancelled" } });
      expect((await turn(other, "resume")).status).toBe(409);
      const { body: list } = await flow.api.request("GET", `/api/v1/backfills?tenant=${tenant}&state=cancelled`);
      expect((list.items as Progress[]).map((item) => item.id)).toEqual([other]);
      expect((await begin({ tenant, since: daysAgo(1), until: daysAgo(2) })).status).toBe(400);
      expect((await begin({ tenant, since: daysAgo(1), mailboxes: ["nobody@out.example"] })).status).toBe(400);
      expect((await begin({ tenant: "none", since: daysAgo(1) })).status).toBe(404);
      expect((await flow.api.request("GET", "/api/v1/backfills/none")).status).toBe(404);
    });
  });
