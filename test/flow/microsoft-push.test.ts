import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MicrosoftFlow, startMicrosoftFlow } from "../support/microsoft-service.ts";
import { until } from "../support/until.ts";
import { ann, CARD, mail, policyWith } from "./mail.ts";
import { allRecords, connect, finishedOne, ledger, PATIENCE_MS, START_MS } from "./watching.ts";

const FOREIGN = "22222222-2222-4222-8222-222222222222";

/** Threats T-01 to T-03; public bug reports 67, 68 and 71. */
describe("what is pushed to the address for Microsoft Graph", { timeout: 2 * PATIENCE_MS }, () => {
  let flow: MicrosoftFlow;
  beforeAll(async () => {
    // Catch-up comes too late for these tests: what is found was told by notifications.
    flow = await startMicrosoftFlow({ POSTERN_CATCH_UP_SECONDS: "3600" });
    await connect(flow.api, flow.settings({ mailboxes: [ann] }), policyWith());
    await until("a subscription", () => flow.sandbox.subscriptions.size === 1, PATIENCE_MS);
  }, START_MS);
  afterAll(() => flow.close());

  const push = (body: string | Uint8Array, query = "") =>
    fetch(`${flow.service.url}/webhooks/microsoft${query}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: body as BodyInit,
    });

  function notification(id: string, change: Readonly<Record<string, unknown>> = {}) {
    const [subscription] = flow.sandbox.subscriptions.values();
    return {
      subscriptionId: subscription?.id,
      clientState: subscription?.clientState,
      changeType: "created",
      tenantId: flow.sandbox.tenantId,
      resource: `Users/u1/Messages/${id}`,
      resourceData: { "@odata.type": "#Microsoft.Graph.Message", id },
      ...change,
    };
  }

  const fetched = (id: string) =>
    flow.sandbox.requests.filter(({ path }) => decodeURIComponent(path).includes(id)).length;

  it("echoes a validation token as text and nothing else", async () => {
    for (const token of ["Validation: Testing client application reachability", "<script>alert(1)</script>"]) {
      const answer = await push("", `?validationToken=${encodeURIComponent(token)}`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-type")).toMatch(/^text\/plain/);
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(await answer.text()).toBe(token);
    }
    expect((await push("")).status).toBe(400);
    expect((await push("{")).status).toBe(400);
    expect((await push("", `?validationToken=${"x".repeat(3_000)}`)).status).toBe(400);
  });

  it("is read item by item: forged and foreign ones are answered alike, never fetched, and put on record", async () => {
    const copy = async (subject: string) => {
      flow.sandbox.notifications.on = false;
      const { messageId } = await flow.sandbox.send(ann, mail(subject, { text: CARD }));
      flow.sandbox.notifications.on = true;
      return messageId ?? "";
    };
    const [first, second] = [await copy("good-1"), await copy("good-2")];
    const before = await ledger(flow.api);
    const forged = [
      notification("FORGED-1", { clientState: "WRONG" }),
      notification("FORGED-2", { clientState: null }),
      notification("FORGED-3", { subscriptionId: "unknown-sub" }),
      notification("FORGED-4", { tenantId: FOREIGN }),
      notification("..%2fFORGED-5"),
      notification("https://evil.example/FORGED-6"),
      "no object",
    ];
    for (const item of forged) expect((await push(JSON.stringify({ value: [item] }))).status).toBe(202);
    const mixed = [notification(first), forged[0], notification(second)];
    const answers = await Promise.all([1, 2, 3].map(() => push(JSON.stringify({ value: mixed }))));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    for (const subject of ["good-1", "good-2"]) expect((await finishedOne(flow.api, subject)).verdict).toBe("block");
    expect(fetched("FORGED")).toBe(0);
    expect((await ledger(flow.api)).accepted).toBe(before.accepted + 2);
    const { body } = await flow.api.request("GET", "/api/v1/audit?tenant=installation&limit=500");
    const told = (body.items as { body: Record<string, unknown> }[]).filter(
      (event) => event.body.change === "notification-refused",
    );
    const reasons = ["foreign-tenant", "unknown-subscription", "wrong-client-state"];
    expect(told.length).toBe(reasons.length);
    expect(new Set(told.map((event) => event.body.reason))).toEqual(new Set(reasons));
  });

  it("is refused when it is larger than any notification, and what comes after it is taken", async () => {
    expect((await push(new Uint8Array(2 * 1_048_576).fill(32))).status).toBe(413);
    await flow.sandbox.send(ann, mail("after-the-flood"));
    await finishedOne(flow.api, "after-the-flood");
  });

  it("costs two calls for a mail: one for what only the mailbox knows, one for its MIME text", async () => {
    const before = flow.sandbox.requests.length;
    const subjects = Array.from({ length: 10 }, (_, index) => `steady-${index}`);
    for (const subject of subjects) await flow.sandbox.send(ann, mail(subject));
    for (const subject of subjects) await finishedOne(flow.api, subject);
    const calls = flow.sandbox.requests.slice(before).map(({ path }) => path);
    expect(calls.filter((path) => path.endsWith("/$value")).length).toBe(10);
    expect(calls.length - 10).toBeLessThanOrEqual(10);
  });

  it("says of a file that stayed in a cloud that it was not read", async () => {
    flow.sandbox.notifications.on = false;
    const { messageId } = await flow.sandbox.send(ann, mail("linked"));
    flow.sandbox.attachCloudFile(ann, messageId ?? "", "Secret plan.xlsx");
    flow.sandbox.notifications.on = true;
    await push(JSON.stringify({ value: [notification(messageId ?? "")] }));
    const record = await finishedOne(flow.api, "linked");
    expect(record).toMatchObject({
      status: "partial",
      problems: [{ part: "attachment:cloud-file-1", code: "unreachable" }],
    });
  });

  it("names a message that is never there: looked for four times in a minute, then on record as missing", async () => {
    const before = await ledger(flow.api);
    await push(JSON.stringify({ value: [notification("NOWHERE")] }));
    // Each look is due when the clock stands beyond the pause that the one before it asked for.
    for (const [looks, offset] of [0, 5_000, 20_000, 90_000].entries()) {
      if (offset > 0) await flow.restart({ POSTERN_TEST_CLOCK_OFFSET_MS: `${offset}` });
      await until(`look ${looks + 1}`, () => fetched("NOWHERE") > looks, PATIENCE_MS);
    }
    const view = await until("an end", async () => (await ledger(flow.api)).missing > before.missing, PATIENCE_MS);
    expect(view).toBe(true);
    expect((await ledger(flow.api)).dead).toBe(before.dead);
    const { body } = await flow.api.request("GET", `/api/v1/coverage`);
    expect(body.items).toMatchObject([{ gaps: { "message-missing": 1 } }]);
    expect((await allRecords(flow.api)).length).toBe(14);
  });
});
