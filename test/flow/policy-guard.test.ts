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
    expect(body).toMatchObject({
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
    expect(nothing.body).toMatchObject({ messages: 0, changed: 0 });
  });

  it("shows what a rule would have done before it is selected, and every fault of a policy", {
    timeout: 2 * PATIENCE_MS,
  }, async () => {
    const rule = { when: { detectors: [{ detector: "code-names", confidence: "low" }] }, action: "block" };
    await flow.api.request("PUT", "/api/v1/rules/stricter", rule);
    const { body } = await flow.api.request("POST", "/api/v1/simulations", { change: { select: ["stricter"] } });
    expect(body.wouldAct).toContainEqual({ rule: "stricter", verdict: "block", messages: 13 });
    const faulty = await flow.api.request("POST", "/api/v1/simulations", { policy: "rules: [{ id: a }]" });
    expect(faulty).toMatchObject({ status: 422, body: { code: "POLICY_INVALID" } });
    expect((await flow.api.request("POST", "/api/v1/simulations", {})).status).toBe(400);
  });
});
