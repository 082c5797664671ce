import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { GOOGLE_FAULTS } from "../../connectors/sandbox/google/http/fault-presets.ts";
import { type GoogleFlow, startGoogleFlow } from "../support/google-service.ts";
import { until } from "../support/until.ts";
import { ann, bob, boss, CARD, CODE_NAME, carl, dora, IBAN, idOf, mail, policyWith } from "./mail.ts";
import { closedLedger, connect, finishedOne, ledger, notices, PATIENCE_MS, START_MS } from "./watching.ts";

describe("trouble with Gmail", { timeout: 3 * PATIENCE_MS }, () => {
  let flow: GoogleFlow;
  let tenant: string;
  beforeAll(async () => {
    flow = await startGoogleFlow();
    tenant = await connect(flow.api, flow.settings(), policyWith());
    await until("watches", () => [ann, bob, carl, dora].every((address) => flow.sandbox.watchOf(address)), PATIENCE_MS);
  }, START_MS);
  afterEach(() => flow.sandbox.faults.clear());
  afterAll(() => flow.close());

  const state = async () => (await flow.api.request("GET", `/api/v1/tenants/${tenant}`)).body.state;
  const visible = (address: string, subject: string) =>
    flow.sandbox
      .messages(address)
      .filter((copy) => copy.internetMessageId === idOf(subject) && !copy.labels.includes("TRASH"));

  it("takes throttling for what it is: all is done, once, and nothing counts as failed", async () => {
    const quota = flow.sandbox.faults.add({
      match: { service: "gmail" },
      every: 4,
      times: 12,
      effect: { ...GOOGLE_FAULTS.tooManyConcurrent, headers: { "retry-after": "1" } },
    });
    const rate = flow.sandbox.faults.add({
      match: { service: "gmail" },
      every: 5,
      times: 8,
      effect: GOOGLE_FAULTS.userRateLimit,
    });
    const senders = [ann, bob, carl];
    const subjects = Array.from({ length: 9 }, (_, index) => `throttled-${index}`);
    for (const [index, subject] of subjects.entries()) {
      const from = senders[index % 3] as string;
      await flow.sandbox.send(from, mail(subject, { from, text: index % 2 === 0 ? CARD : CODE_NAME }));
    }
    for (const [index, subject] of subjects.entries()) {
      const record = await finishedOne(flow.api, subject, 2 * PATIENCE_MS);
      const from = senders[index % 3] as string;
      expect(record.actions.filter((action) => action.state === "failed")).toEqual([]);
      expect(notices(flow.sandbox.messages(from), record.id), subject).toHaveLength(1);
      expect(visible(from, subject)).toHaveLength(index % 2);
    }
    expect(quota.hits + rate.hits).toBeGreaterThan(10);
    const idle = await until(
      "an idle ledger",
      async () => {
        const now = await ledger(flow.api);
        return now.pending === 0 && now;
      },
      PATIENCE_MS,
    );
    expect(idle).toMatchObject({ dead: 0, missing: 0 });
    expect(await state()).toBe("active");
  });

  it("renews ended tokens", async () => {
    flow.sandbox.revokeTokens();
    await flow.sandbox.send(ann, mail("renewed", { text: CARD }));
    expect((await finishedOne(flow.api, "renewed")).verdict).toBe("block");
    expect(await state()).toBe("active");
  });

  it("calls the tenant degraded while delegation is withdrawn, and works again by itself", async () => {
    const granted = [...flow.sandbox.delegation];
    flow.sandbox.delegation.clear();
    flow.sandbox.revokeTokens();
    await flow.sandbox.send(ann, mail("without-consent", { text: CODE_NAME }));
    await until("a degraded tenant", async () => (await state()) === "degraded", PATIENCE_MS);
    for (const scope of granted) flow.sandbox.delegation.add(scope);
    expect((await finishedOne(flow.api, "without-consent", 2 * PATIENCE_MS)).verdict).toBe("warn");
    await until("an active tenant", async () => (await state()) === "active", PATIENCE_MS);
    expect((await ledger(flow.api)).dead).toBe(0);
  });

  it("outlasts a burst of server errors", async () => {
    const burst = flow.sandbox.faults.add({
      match: { service: "gmail" },
      times: 9,
      effect: GOOGLE_FAULTS.backendError,
    });
    await flow.sandbox.send(ann, mail("burst", { text: CARD }));
    const record = await finishedOne(flow.api, "burst", 2 * PATIENCE_MS);
    expect(record.actions.find(({ kind }) => kind === "quarantine")?.state).toBe("done");
    expect(burst.hits).toBe(9);
    expect(notices(flow.sandbox.messages(ann), record.id)).toHaveLength(1);
  });

  it("takes copies once, and gives them back whole, when the answers to the change are lost", async () => {
    const lost = flow.sandbox.faults.add({
      match: { operation: "gmail.users.messages.trash" },
      times: 6,
      effect: { kind: "reset", when: "after" },
    });
    await flow.sandbox.send(ann, mail("trash-lost", { to: bob, text: IBAN }));
    const record = await finishedOne(flow.api, "trash-lost");
    expect(lost.hits).toBeGreaterThan(1);
    expect(record.actions.filter(({ state }) => state !== "done")).toEqual([]);
    expect([...visible(ann, "trash-lost"), ...visible(bob, "trash-lost")]).toEqual([]);
    const [item] = (await flow.api.quarantine()).filter(({ incident }) => incident === record.id);
    expect((await flow.api.request("POST", `/api/v1/quarantine/${item?.id}/release`)).status).toBe(200);
    await finishedOne(flow.api, "trash-lost");
    expect(visible(ann, "trash-lost")[0]?.labels).toContain("SENT");
    expect(visible(bob, "trash-lost")[0]?.labels).toContain("INBOX");
  });

  it("never sends a notice twice when the answer is lost", async () => {
    flow.sandbox.faults.add({
      match: { operation: "gmail.users.messages.send" },
      times: 2,
      effect: { kind: "reset", when: "after" },
    });
    await flow.sandbox.send(ann, mail("notice-lost", { text: CARD }));
    const record = await finishedOne(flow.api, "notice-lost");
    for (const person of [ann, boss]) {
      const action = record.actions.find(({ kind, target }) => kind === "notify" && target === person);
      const told = notices(flow.sandbox.messages(person), record.id).length;
      if (action?.state === "done") expect(told).toBe(1);
      else expect([action?.reason, told <= 1]).toEqual(["outcome-unknown", true]);
    }
  });

  it("goes on with the others when one mailbox is refused", async () => {
    flow.sandbox.faults.add({
      match: { service: "gmail", subject: dora },
      times: Number.POSITIVE_INFINITY,
      effect: GOOGLE_FAULTS.domainPolicy,
    });
    await flow.sandbox.send(dora, mail("refused", { from: dora }));
    await flow.sandbox.send(ann, mail("beside", { text: CODE_NAME }));
    expect((await finishedOne(flow.api, "beside")).verdict).toBe("warn");
    expect(await state()).toBe("active");
    expect((await closedLedger(flow.api, 1)).dead).toBe(0);
  });
});
