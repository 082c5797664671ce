import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MicrosoftFlow, startMicrosoftFlow } from "../support/microsoft-service.ts";
import { until } from "../support/until.ts";
import { ann, bob, CARD, CODE_NAME, carl, dora, mail, policyWith } from "./mail.ts";
import { allRecords, closedLedger, connect, finishedOne, notices, PATIENCE_MS, START_MS } from "./watching.ts";

const DAY_MS = 86_400_000;

describe("what Microsoft 365 does not tell", { timeout: 2 * PATIENCE_MS }, () => {
  let flow: MicrosoftFlow;
  beforeAll(async () => {
    flow = await startMicrosoftFlow({ POSTERN_CATCH_UP_SECONDS: "1" });
    await connect(flow.api, flow.settings(), policyWith());
    await until("subscriptions", () => flow.sandbox.subscriptions.size >= 6, PATIENCE_MS);
  }, START_MS);
  afterAll(() => flow.close());

  /** The sandbox tells a user's id in the paths that were asked for. */
  const subscriptionOf = (address: string) => {
    const id = flow.sandbox.requests.find(({ mailbox }) => mailbox === address)?.path.split("/")[3];
    return [...flow.sandbox.subscriptions.values()].filter(({ mailbox }) => mailbox.ownerId === id);
  };

  it("catches up with all mail while no notification comes at all", async () => {
    flow.sandbox.notifications.on = false;
    flow.sandbox.quirks.maxPageSize = 2;
    const senders = [ann, bob, carl, dora];
    const subjects = Array.from({ length: 20 }, (_, index) => `unannounced-${index}`);
    for (const [index, subject] of subjects.entries()) {
      const from = senders[index % senders.length] as string;
      await flow.sandbox.send(from, mail(subject, { from, text: index % 5 === 0 ? CARD : "hello" }));
    }
    for (const [index, subject] of subjects.entries()) {
      const record = await finishedOne(flow.api, subject);
      expect(record).toMatchObject({ trigger: "catch-up", verdict: index % 5 === 0 ? "block" : "allow" });
    }
    flow.sandbox.notifications.on = true;
    flow.sandbox.quirks.maxPageSize = 1000;
    expect((await allRecords(flow.api)).length).toBe(20);
  });

  it("reads back without repeating anything when the delta token was forgotten", async () => {
    const { accepted } = await closedLedger(flow.api, 20);
    const told = notices(flow.sandbox.messages(ann)).length;
    flow.sandbox.notifications.on = false;
    flow.sandbox.expireDeltaTokens();
    for (const subject of ["gap-0", "gap-1", "gap-2"]) await flow.sandbox.send(ann, mail(subject, { text: CODE_NAME }));
    for (const subject of ["gap-0", "gap-1", "gap-2"]) await finishedOne(flow.api, subject);
    flow.sandbox.notifications.on = true;
    expect((await allRecords(flow.api)).length).toBe(23);
    expect(notices(flow.sandbox.messages(ann)).length).toBe(told + 3);
    const view = await closedLedger(flow.api, accepted + 3);
    expect({ dead: view.dead, missing: view.missing }).toEqual({ dead: 0, missing: 0 });
  });

  it("finds a mail that left Sent Items and came back between two readings", async () => {
    flow.sandbox.notifications.on = false;
    flow.sandbox.quirks.deltaLosesMovedBack = true;
    const { messageId } = await flow.sandbox.send(ann, mail("moved-back", { text: CODE_NAME }));
    flow.sandbox.createFolder(ann, "Other");
    flow.sandbox.move(ann, messageId ?? "", "Other");
    flow.sandbox.move(ann, messageId ?? "", "sentitems");
    expect((await finishedOne(flow.api, "moved-back")).verdict).toBe("warn");
    flow.sandbox.notifications.on = true;
  });

  it("registers again when a subscription was removed, and reads the gap", async () => {
    await flow.restart({ POSTERN_CATCH_UP_SECONDS: "86400" });
    await closedLedger(flow.api, 1);
    const [lost] = subscriptionOf(bob);
    flow.sandbox.notifications.on = false;
    await flow.sandbox.send(bob, mail("in-the-gap", { from: bob }));
    flow.sandbox.notifications.on = true;
    flow.sandbox.removeSubscription(lost?.id ?? "");
    await finishedOne(flow.api, "in-the-gap");
    await until("a new subscription", () => subscriptionOf(bob).some(({ id }) => id !== lost?.id), PATIENCE_MS);
    await flow.sandbox.send(bob, mail("after-the-gap", { from: bob }));
    expect((await finishedOne(flow.api, "after-the-gap")).trigger).toBe("notification");
  });

  it("reads at once when told that notifications were missed", async () => {
    flow.sandbox.notifications.on = false;
    await flow.sandbox.send(carl, mail("missed", { from: carl }));
    flow.sandbox.notifications.on = true;
    flow.sandbox.lifecycle("missed", subscriptionOf(carl)[0]?.id);
    expect((await finishedOne(flow.api, "missed")).trigger).toBe("catch-up");
  });

  it("renews at half life, and registers again what vanished silently", async () => {
    const [lost] = subscriptionOf(dora);
    flow.sandbox.removeSubscription(lost?.id ?? "", { silently: true });
    const expiry = new Map([...flow.sandbox.subscriptions].map(([id, { expiresAt }]) => [id, expiresAt.getTime()]));
    // The service's clock runs ahead of the sandbox's, so what it asks for lies further away.
    flow.sandbox.quirks.maxSubscriptionMinutes = 100_000;
    await flow.restart({ POSTERN_TEST_CLOCK_OFFSET_MS: `${4 * DAY_MS}` });
    await until("a new subscription", () => subscriptionOf(dora).length > 0, PATIENCE_MS);
    await until(
      "renewals",
      () =>
        [...flow.sandbox.subscriptions.values()].every(
          ({ id, expiresAt }) => expiresAt.getTime() > (expiry.get(id) ?? 0),
        ),
      PATIENCE_MS,
    );
    await flow.sandbox.send(dora, mail("renewed", { from: dora }));
    await finishedOne(flow.api, "renewed");
  });
});
