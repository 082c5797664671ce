import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MailServer, startMailServer } from "../support/mail-server.ts";
import { type MicrosoftFlow, startMicrosoftFlow } from "../support/microsoft-service.ts";
import { ann, CODE_NAME, carl, mail } from "./mail.ts";
import { actionLines, finishedOne, PATIENCE_MS, START_MS } from "./watching.ts";

const LIMIT = 3;
const POLICY = {
  detectors: [{ id: "code-names", words: ["osprey"] }],
  rules: [{ id: "words", when: { detectors: [{ detector: "code-names" }] }, action: "warn" }],
  scopes: {
    global: {
      rules: ["words"],
      settings: { "guard.max-actions-per-hour": LIMIT, "dlp.managers": [carl], "notify.warning.originator": false },
    },
  },
};

describe("the runaway guard", () => {
  let flow: MicrosoftFlow;
  let mailServer: MailServer;
  beforeAll(async () => {
    // Notices leave by a mail server here, and the tenant has no mailbox that could send them.
    mailServer = await startMailServer();
    flow = await startMicrosoftFlow({
      POSTERN_SMTP_URL: `smtp://127.0.0.1:${mailServer.port}`,
      POSTERN_SMTP_FROM: "postern@mail.example",
    });
    expect((await flow.api.request("PUT", "/api/v1/policy", POLICY)).status).toBe(200);
    expect(
      (await flow.api.request("POST", "/api/v1/tenants", flow.settings({ serviceMailbox: undefined }))).status,
    ).toBe(201);
  }, START_MS);
  afterAll(async () => {
    await flow.close();
    await mailServer.close();
  });

  const guardMails = () =>
    mailServer.received.filter(({ mime }) => mime.toString("utf8").includes("A rule was paused"));

  it("pauses a rule that acts on more messages than it may, and lets it act again", {
    timeout: 6 * PATIENCE_MS,
  }, async () => {
    const subjects = Array.from({ length: 12 }, (_, index) => `runaway-${index}`);
    for (const subject of subjects) await flow.sandbox.send(ann, mail(subject, { text: CODE_NAME }));
    const records = await Promise.all(subjects.map((subject) => finishedOne(flow.api, subject)));
    const acted = records.filter((record) => record.verdict === "warn");
    expect(acted).toHaveLength(LIMIT);
    for (const record of acted) expect(actionLines(record)).toEqual([`label ${ann} done`]);
    const spared = records.filter((record) => record.verdict === "allow");
    expect(spared).toHaveLength(subjects.length - LIMIT);
    for (const record of spared) expect(record.monitored).toEqual([{ rule: "words", verdict: "warn" }]);
    // The manager hears of it once, though the switch for warnings is off.
    expect(guardMails()).toHaveLength(1);
    expect(guardMails()[0]).toMatchObject({ from: "postern@mail.example", to: [carl] });
    expect(guardMails()[0]?.mime.toString("utf8")).toContain("words");
    expect(flow.sandbox.messages(carl, "inbox")).toEqual([]);
    const rule = () => flow.api.request("GET", "/api/v1/rules/words");
    expect((await rule()).body.paused).toMatchObject({ limit: LIMIT });
    const tenantId = records[0]?.tenant ?? "";
    const events = await flow.service.assembly.store.events.list(tenantId, 0, 500);
    expect(events.filter((event) => event.body.change === "rule-paused")).toMatchObject([
      { kind: "audit", body: { rule: "words", limit: LIMIT } },
    ]);

    expect((await flow.api.request("POST", "/api/v1/rules/words/resume")).body.paused).toBeNull();
    await flow.sandbox.send(ann, mail("resumed", { text: CODE_NAME }));
    expect((await finishedOne(flow.api, "resumed")).verdict).toBe("warn");
    expect((await flow.api.request("POST", "/api/v1/rules/none/resume")).status).toBe(404);
  });

  it("tells a simulation apart from what it stopped: the same policy over the same mail would have warned of all", {
    timeout: 2 * PATIENCE_MS,
  }, async () => {
    const { status, body } = await flow.api.request("POST", "/api/v1/simulations", { policy: POLICY });
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: "done", reason: null, done: 13, total: 13 });
    expect(body.result).toMatchObject({
      messages: 13,
      changed: 12 - LIMIT,
      verdicts: [{ name: "all", from: "allow", to: "warn", count: 12 - LIMIT }],
      rules: [{ name: "words", count: 12 - LIMIT }],
      senders: [{ name: ann }],
      recipientDomains: [{ name: "out.example" }],
      wouldAct: [{ rule: "words", verdict: "warn", messages: 13 }],
      open: [],
      truncated: false,
    });
    const nothing = await flow.api.request("POST", "/api/v1/simulations", {
      policy: POLICY,
      until: "2020-01-01T00:00:00Z",
    });
    expect(nothing.body.result).toMatchObject({ messages: 0, changed: 0 });
    const newest = await flow.api.request("POST", "/api/v1/simulations", { policy: POLICY, most: 5 });
    expect(newest.body.result).toMatchObject({ messages: 5, truncated: true });
  });

  it("shows what a rule would have done before it is selected, and every fault of a policy", {
    timeout: 2 * PATIENCE_MS,
  }, async () => {
    const rule = { when: { detectors: [{ detector: "code-names", confidence: "low" }] }, action: "block" };
    await flow.api.request("PUT", "/api/v1/rules/stricter", rule);
    const { body } = await flow.api.request("POST", "/api/v1/simulations", { change: { select: ["stricter"] } });
    const { wouldAct, enables } = body.result as { readonly wouldAct: unknown; readonly enables: unknown };
    expect(wouldAct).toContainEqual({ rule: "stricter", verdict: "block", messages: 13 });
    expect(enables).toEqual(["stricter"]);
    const faulty = await flow.api.request("POST", "/api/v1/simulations", { policy: "rules: [{ id: a }]" });
    expect(faulty).toMatchObject({ status: 422, body: { code: "POLICY_INVALID" } });
    expect((await flow.api.request("POST", "/api/v1/simulations", {})).status).toBe(400);
  });

  it("works on beside the request that began a simulation, tells how far it is, and can be cancelled", {
    timeout: 2 * PATIENCE_MS,
  }, async () => {
    const begin = () => flow.api.request("POST", "/api/v1/simulations", { policy: POLICY, rescan: true, wait: 0 });
    const look = async (id: unknown) => (await flow.api.request("GET", `/api/v1/simulations/${id}?wait=20`)).body;
    const held = flow.sandbox.faults.add({
      path: "*/$value",
      count: Number.POSITIVE_INFINITY,
      effect: { hold: "before" },
    });
    const [first, second] = [await begin(), await begin()];
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(first.body).toMatchObject({ state: "running", total: 13, result: null, endedAt: null });
    expect(await begin()).toMatchObject({ status: 409 });
    await held.arrived();
    const cancelled = await flow.api.request("POST", `/api/v1/simulations/${first.body.id}/cancel`);
    expect(cancelled).toMatchObject({ status: 200, body: { state: "cancelled", result: null } });
    held.release();
    expect(await look(second.body.id)).toMatchObject({ state: "done", done: 13, result: { readAgain: 13 } });
    expect(await look(first.body.id)).toMatchObject({ state: "cancelled" });
    expect((await flow.api.request("GET", "/api/v1/simulations/none")).status).toBe(404);
  });
});
