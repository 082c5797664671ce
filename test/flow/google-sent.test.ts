import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GoogleFlow, startGoogleFlow } from "../support/google-service.ts";
import { DOMAIN } from "../support/microsoft-service.ts";
import { ann, bob, boss, CARD, CODE_NAME, carl, dora, IBAN, idOf, mail, OUTSIDER, policyWith } from "./mail.ts";
import {
  actionLines,
  closedLedger,
  connect,
  finishedOne,
  notices,
  PATIENCE_MS,
  recordsOf,
  START_MS,
} from "./watching.ts";

describe("sent mail of a Google Workspace", { timeout: PATIENCE_MS }, () => {
  let flow: GoogleFlow;
  beforeAll(async () => {
    flow = await startGoogleFlow();
    flow.sandbox.addGroup({ address: `team@${DOMAIN}`, members: [bob, carl, "friend@out.example"] });
    await connect(flow.api, flow.settings(), policyWith());
  }, START_MS);
  afterAll(() => flow.close());

  /** Labels of the copies that a person can see. */
  const visible = (address: string, subject: string) =>
    flow.sandbox
      .messages(address)
      .filter((message) => message.internetMessageId === idOf(subject) && !message.labels.includes("TRASH"));

  it("records clean mail and leaves it alone", async () => {
    await flow.sandbox.send(ann, mail("clean"));
    const record = await finishedOne(flow.api, "clean");
    expect(record).toMatchObject({
      verdict: "allow",
      status: "complete",
      mailbox: ann,
      sender: ann,
      stage: "sent",
      provider: "google",
      actions: [],
      recipients: [{ address: OUTSIDER, external: true, verdict: "allow", rules: [] }],
    });
    expect(["notification", "catch-up"]).toContain(record.trigger);
  });

  it("warns with a label and a mail", async () => {
    await flow.sandbox.send(ann, mail("warned", { text: CODE_NAME }));
    const record = await finishedOne(flow.api, "warned");
    expect(record.verdict).toBe("warn");
    expect(actionLines(record)).toEqual([`label ${ann} done`, `notify ${ann} done`]);
    const names = flow.sandbox.labels(ann);
    const [copy] = visible(ann, "warned");
    expect(copy?.labels.map((id) => names.get(id) ?? id)).toContain("DLP: warning");
    expect(notices(flow.sandbox.messages(ann), record.id)).toHaveLength(1);
  });

  it("decides for each recipient: takes back the forbidden copies, says what it cannot reach", async () => {
    await flow.sandbox.send(ann, mail("mixed", { to: `${bob}, ${OUTSIDER}`, text: CARD }));
    const record = await finishedOne(flow.api, "mixed");
    expect(record.recipients.map(({ address, verdict }) => [address, verdict])).toEqual([
      [bob, "allow"],
      [OUTSIDER, "block"],
    ]);
    expect(actionLines(record)).toEqual([
      `notify ${ann} done`,
      `notify ${boss} done`,
      `quarantine ${ann} done`,
      `recall ${OUTSIDER} not-possible external-recipient`,
    ]);
    expect(visible(ann, "mixed")).toHaveLength(0);
    expect(visible(bob, "mixed")).toHaveLength(1);
    const [item] = (await flow.api.quarantine()).filter((candidate) => candidate.incident === record.id);
    expect(item).toMatchObject({ state: "held", final: true });
    expect((await flow.api.request("POST", `/api/v1/quarantine/${item?.id}/release`)).status).toBe(409);
  });

  it("quarantines and releases: every copy returns with its labels and bytes", async () => {
    await flow.sandbox.send(ann, mail("held", { to: bob, text: IBAN }));
    const before = [ann, bob].map((address) => flow.sandbox.messages(address).filter((m) => m.subject === "held"));
    const record = await finishedOne(flow.api, "held");
    expect(record.verdict).toBe("quarantine");
    expect([...visible(bob, "held"), ...visible(ann, "held")]).toEqual([]);
    const [item] = (await flow.api.quarantine()).filter((candidate) => candidate.incident === record.id);
    const released = await flow.api.request("POST", `/api/v1/quarantine/${item?.id}/release`);
    expect(released).toMatchObject({ status: 200, body: { state: "released" } });
    await finishedOne(flow.api, "held");
    const after = [...visible(ann, "held"), ...visible(bob, "held")];
    expect(after.map(({ mime, labels }) => ({ mime, labels: new Set(labels) }))).toEqual(
      before.flat().map(({ mime, labels }) => ({ mime, labels: new Set(labels) })),
    );
    expect((await flow.api.request("POST", `/api/v1/quarantine/${item?.id}/delete`)).status).toBe(409);
  });

  it("counts a group with an outside member as external, and takes its inside members' copies", async () => {
    await flow.sandbox.send(ann, mail("grouped", { to: `team@${DOMAIN}, ${dora}`, text: CARD }));
    const record = await finishedOne(flow.api, "grouped");
    expect(record.recipients.map(({ address, external, verdict }) => [address, external, verdict])).toEqual([
      [`team@${DOMAIN}`, true, "block"],
      [dora, false, "allow"],
    ]);
    expect(actionLines(record)).toEqual(
      expect.arrayContaining([
        `recall ${bob} done`,
        `recall ${carl} done`,
        "recall friend@out.example not-possible external-recipient",
      ]),
    );
    expect([...visible(bob, "grouped"), ...visible(carl, "grouped")]).toEqual([]);
    expect(visible(dora, "grouped")).toHaveLength(1);
  });

  it("tells the sender and the manager once, without the value, and records no notice of its own", async () => {
    await flow.sandbox.send(ann, mail("told", { text: CARD }));
    const record = await finishedOne(flow.api, "told");
    for (const person of [ann, boss]) {
      const mails = notices(flow.sandbox.messages(person), record.id);
      expect(mails, `notices to ${person}`).toHaveLength(1);
      expect(mails[0]).not.toMatch(/4111[ -]?1111/);
    }
    await closedLedger(flow.api, 6);
    const own = await flow.api.messages(`?mailbox=${flow.sandbox.adminEmail}`);
    expect(own).toEqual([]);
    expect(await recordsOf(flow.api, "told")).toHaveLength(1);
  });
});
