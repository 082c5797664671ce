import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type MicrosoftFlow, startMicrosoftFlow } from "../support/microsoft-service.ts";
import { until } from "../support/until.ts";
import { ann, bob, boss, CARD, CODE_NAME, carl, dora, mail, policyWith } from "./mail.ts";
import { closedLedger, connect, finishedOne, ledger, notices, PATIENCE_MS, recordsOf, START_MS } from "./watching.ts";

describe("trouble with Microsoft Graph", { timeout: 3 * PATIENCE_MS }, () => {
  let flow: MicrosoftFlow;
  let tenant: string;
  beforeAll(async () => {
    flow = await startMicrosoftFlow();
    tenant = await connect(flow.api, flow.settings(), policyWith());
    await until("subscriptions", () => flow.sandbox.subscriptions.size >= 6, PATIENCE_MS);
  }, START_MS);
  afterEach(() => flow.sandbox.faults.clear());
  afterAll(() => flow.close());

  const state = async () => (await flow.api.request("GET", `/api/v1/tenants/${tenant}`)).body.state;
  const inSentItems = (address: string, subject: string) =>
    flow.sandbox.messages(address, "sentitems").filter((message) => message.subject === subject);
  const toldOnce = async (subject: string, people: readonly string[]) => {
    const record = await finishedOne(flow.api, subject);
    for (const person of people)
      expect(notices(flow.sandbox.messages(person), record.id), `${subject} to ${person}`).toHaveLength(1);
  };

  it("takes throttling for what it is: all is done, once, and nothing counts as failed", async () => {
    const throttled = flow.sandbox.faults.add({
      path: "/v1.0/*",
      every: 3,
      count: 60,
      effect: { answer: { status: 429, code: "ApplicationThrottled", retryAfter: 0.3 } },
    });
    const senders = [ann, bob, carl];
    const subjects = Array.from({ length: 12 }, (_, index) => `throttled-${index}`);
    for (const [index, subject] of subjects.entries()) {
      const from = senders[index % 3] as string;
      await flow.sandbox.send(from, mail(subject, { from, text: index % 2 === 0 ? CARD : CODE_NAME }));
    }
    for (const [index, subject] of subjects.entries()) {
      const record = await finishedOne(flow.api, subject, 2 * PATIENCE_MS);
      expect(record.actions.filter(({ state, kind }) => state === "failed" || kind === "hold")).toEqual([]);
      const from = senders[index % 3] as string;
      await toldOnce(subject, [from]);
      expect(inSentItems(from, subject)).toHaveLength(index % 2);
    }
    expect(throttled.hits).toBeGreaterThan(10);
    // Sweeps of the mailboxes may have been throttled as well.
    expect(await closedLedger(flow.api, 12)).toMatchObject({ dead: 0, missing: 0 });
    expect(await state()).toBe("active");
  });

  it("asks again when a notified mail is not there yet", async () => {
    const missing = { status: 404, code: "ErrorItemNotFound" };
    flow.sandbox.faults.add({
      method: "GET",
      path: "*/messages/*",
      mailbox: bob,
      count: 2,
      effect: { answer: missing },
    });
    await flow.sandbox.send(bob, mail("late", { from: bob, text: CARD }));
    expect((await finishedOne(flow.api, "late")).verdict).toBe("block");
    expect((await closedLedger(flow.api, 13)).missing).toBe(0);
  });

  it("renews an ended token once for all", async () => {
    const before = flow.sandbox.requests.length;
    flow.sandbox.revokeTokens();
    const subjects = Array.from({ length: 8 }, (_, index) => `renewed-${index}`);
    for (const subject of subjects) await flow.sandbox.send(ann, mail(subject));
    for (const subject of subjects) await finishedOne(flow.api, subject);
    const tokens = flow.sandbox.requests.slice(before).filter(({ path }) => path.endsWith("/token"));
    expect(tokens).toHaveLength(1);
    expect(await state()).toBe("active");
  });

  it("calls the tenant degraded while consent is lost, and works again by itself", async () => {
    flow.sandbox.application.disabled = true;
    flow.sandbox.revokeTokens();
    await flow.sandbox.send(ann, mail("without-consent", { text: CODE_NAME }));
    await until("a degraded tenant", async () => (await state()) === "degraded", PATIENCE_MS);
    expect(await recordsOf(flow.api, "without-consent")).toEqual([]);
    flow.sandbox.application.disabled = false;
    expect((await finishedOne(flow.api, "without-consent", 2 * PATIENCE_MS)).verdict).toBe("warn");
    await until("an active tenant", async () => (await state()) === "active", PATIENCE_MS);
    expect((await ledger(flow.api)).dead).toBe(0);
  });

  it("outlasts a burst of server errors", async () => {
    const burst = flow.sandbox.faults.add({ path: "/v1.0/*", count: 9, effect: { answer: { status: 503 } } });
    await flow.sandbox.send(ann, mail("burst", { text: CARD }));
    const record = await finishedOne(flow.api, "burst", 2 * PATIENCE_MS);
    expect(record.actions.find(({ kind }) => kind === "quarantine")?.state).toBe("done");
    await toldOnce("burst", [ann, boss]);
    expect(burst.hits).toBe(9);
  });

  it("moves once when the answer to the move is lost", async () => {
    const lost = flow.sandbox.faults.add({ method: "POST", path: "*/move", mailbox: ann, effect: { reset: "after" } });
    await flow.sandbox.send(ann, mail("move-lost", { text: CARD }));
    const record = await finishedOne(flow.api, "move-lost");
    expect(lost.hits).toBe(1);
    expect(record.actions.find(({ kind }) => kind === "quarantine")).toMatchObject({ state: "done", target: ann });
    const copies = flow.sandbox.messages(ann).filter(({ subject }) => subject === "move-lost");
    expect(copies.map(({ folder }) => folder === "sentitems")).toEqual([false]);
    // The copy's home is known although the answer was lost.
    await toldOnce("move-lost", [ann, boss]);
  });

  it("never sends a notice twice when the answer is lost", async () => {
    const lost = flow.sandbox.faults.add({ method: "POST", path: "*/sendMail", count: 2, effect: { reset: "after" } });
    await flow.sandbox.send(ann, mail("notice-lost", { text: CARD }));
    const record = await finishedOne(flow.api, "notice-lost");
    expect(lost.hits).toBe(2);
    for (const person of [ann, boss]) {
      const action = record.actions.find(({ kind, target }) => kind === "notify" && target === person);
      expect([action?.state, action?.reason]).toEqual(["done", null]);
      expect(notices(flow.sandbox.messages(person), record.id)).toHaveLength(1);
    }
  });

  it("goes on with the others when one mailbox is forbidden, and gives up an id that leads nowhere", async () => {
    const denied = { status: 403, code: "ErrorAccessDenied" };
    flow.sandbox.faults.add({ path: "*/messages/*", mailbox: dora, count: 3, effect: { answer: denied } });
    const missing = { status: 404, code: "ErrorItemNotFound" };
    const nowhere = flow.sandbox.faults.add({
      method: "GET",
      path: "*/messages/*",
      mailbox: carl,
      count: Number.POSITIVE_INFINITY,
      effect: { answer: missing },
    });
    await flow.sandbox.send(dora, mail("forbidden", { from: dora }));
    await flow.sandbox.send(carl, mail("nowhere", { from: carl, text: CARD }));
    await flow.sandbox.send(ann, mail("beside", { text: CODE_NAME }));
    expect((await finishedOne(flow.api, "beside")).verdict).toBe("warn");
    expect(await state()).toBe("active");
    // Looks after 2 s and 10 s; the last comes after 50 s, and the forbidden mailbox is asked again after a minute.
    await nowhere.arrived(3);
    await until("three looks", async () => (await ledger(flow.api)).pending === 2);
    await flow.restart({ POSTERN_TEST_CLOCK_OFFSET_MS: "120000" });
    await nowhere.arrived(4);
    await until("a missing item", async () => (await ledger(flow.api)).missing === 1, PATIENCE_MS);
    expect(await recordsOf(flow.api, "nowhere")).toEqual([]);
    const { body } = await flow.api.request("GET", "/api/v1/dead-letters");
    expect(body.items).toEqual([]);
  });
});
