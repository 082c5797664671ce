import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DOMAIN, type MicrosoftFlow, startMicrosoftFlow } from "../support/microsoft-service.ts";
import { until } from "../support/until.ts";
import { ann, bob, CARD, CODE_NAME, carl, dora, mail, OUTSIDER, policyWith } from "./mail.ts";
import {
  allRecords,
  closedLedger,
  connect,
  finished,
  finishedOne,
  notices,
  PATIENCE_MS,
  START_MS,
} from "./watching.ts";

describe("one record for each mail of a Microsoft 365 tenant", { timeout: PATIENCE_MS }, () => {
  let flow: MicrosoftFlow;
  beforeAll(async () => {
    flow = await startMicrosoftFlow();
    await connect(flow.api, flow.settings(), policyWith());
    await until("subscriptions", () => flow.sandbox.subscriptions.size >= 6, PATIENCE_MS);
  }, START_MS);
  afterAll(() => flow.close());

  it("records each mail once when notifications come five times and out of order", async () => {
    const { notifications } = flow.sandbox;
    const before = flow.sandbox.requests.length;
    Object.assign(notifications, { copies: () => 5, reorder: true, delayMs: 200, maxBatch: 7 });
    const senders = [ann, bob, carl, dora];
    const subjects = Array.from({ length: 24 }, (_, index) => `many-${index}`);
    for (const [index, subject] of subjects.entries()) {
      const from = senders[index % senders.length] as string;
      await flow.sandbox.send(from, mail(subject, { from, text: index % 6 === 0 ? CARD : `number ${index}` }));
    }
    for (const subject of subjects) await finishedOne(flow.api, subject);
    await notifications.idle();
    Object.assign(notifications, { copies: () => 1, reorder: false, delayMs: 0, maxBatch: 100 });
    expect((await allRecords(flow.api)).filter((record) => record.subject.startsWith("many-"))).toHaveLength(24);
    const fetched = flow.sandbox.requests.slice(before).filter((seen) => seen.path.endsWith("/$value"));
    expect(fetched.length).toBeLessThanOrEqual(48);
    const moves = flow.sandbox.requests.slice(before).filter((seen) => seen.path.endsWith("/move"));
    expect(moves.length).toBe(4);
  });

  it("records what two people sent under one Message-ID for each of them", async () => {
    await flow.sandbox.send(ann, mail("shared"));
    await flow.sandbox.send(bob, mail("shared", { from: bob }));
    const records = await finished(flow.api, "shared", 2);
    expect(records.map((record) => record.mailbox).sort()).toEqual([ann, bob]);
  });

  it("does not let a reused Message-ID hide a second mail, nor a re-rendered copy count twice", async () => {
    await flow.sandbox.send(ann, mail("same", { text: "see you at noon" }));
    await flow.sandbox.send(ann, mail("same", { text: CARD }));
    const rendered = mail("same", { text: "see you at noon", extra: ["X-MS-Exchange-Organization-SCL: -1"] });
    flow.sandbox.put(ann, "sentitems", rendered);
    const records = await finished(flow.api, "same", 2);
    await closedLedger(flow.api, 29);
    expect(records.map((record) => record.verdict).sort()).toEqual(["allow", "block"]);
    expect(await finished(flow.api, "same", 2)).toHaveLength(2);
  });

  it("records mail without a Message-ID", async () => {
    await flow.sandbox.send(ann, mail("anonymous", { id: null, text: CODE_NAME }));
    const record = await until(
      "the record",
      async () => (await allRecords(flow.api)).find(({ subject }) => subject === "anonymous"),
      PATIENCE_MS,
    );
    expect(record).toMatchObject({ verdict: "warn", mailbox: ann });
  });

  it("neither records nor tells again when a mail was deleted and restored under a new id", async () => {
    const { messageId } = await flow.sandbox.send(ann, mail("restored", { text: CODE_NAME }));
    const record = await finishedOne(flow.api, "restored");
    const { accepted } = await closedLedger(flow.api, 1);
    flow.sandbox.deleteAndRestore(ann, messageId ?? "");
    const after = await closedLedger(flow.api, accepted + 1);
    expect(after.skipped).toBeGreaterThan(0);
    expect((await finishedOne(flow.api, "restored")).id).toBe(record.id);
    expect(notices(flow.sandbox.messages(ann), record.id)).toHaveLength(1);
  });

  it("never records a draft for the stage sent, and a sent draft once", async () => {
    const first = flow.sandbox.saveDraft(ann, mail("drafted", { text: "half" }));
    flow.sandbox.saveDraft(ann, mail("drafted", { text: CARD }), first.messageId);
    flow.sandbox.saveDraft(bob, mail("kept-draft", { from: bob, text: CARD }));
    flow.sandbox.sendDraft(ann, first.messageId);
    const record = await finishedOne(flow.api, "drafted");
    expect(record).toMatchObject({ verdict: "block", stage: "sent" });
    await closedLedger(flow.api, 1);
    expect((await allRecords(flow.api)).filter(({ subject }) => subject === "kept-draft")).toEqual([]);
    expect(flow.sandbox.messages(bob, "drafts")).toHaveLength(1);
  });

  it("finds a copy that a client moved before it could be taken", async () => {
    const hold = flow.sandbox.faults.add({ method: "GET", path: "*/$value", mailbox: ann, effect: { hold: "before" } });
    const { messageId } = await flow.sandbox.send(ann, mail("moved", { text: CARD }));
    await hold.arrived();
    flow.sandbox.createFolder(ann, "Projects");
    flow.sandbox.move(ann, messageId ?? "", "Projects");
    hold.remove();
    const record = await finishedOne(flow.api, "moved");
    expect(record.actions.find((action) => action.kind === "quarantine")?.state).toBe("done");
    expect(flow.sandbox.messages(ann, "Projects")).toEqual([]);
  });

  it("skips its own notices, and scans a mail that only copied their mark", async () => {
    await flow.sandbox.send(ann, mail("for-notice", { text: CODE_NAME }));
    const record = await finishedOne(flow.api, "for-notice");
    const [notice] = flow.sandbox.messages(ann).filter(({ mime }) => mime.toString().includes(record.id));
    const mark = /^x-postern-notice:\s*(\S+)/im.exec(notice?.mime.toString() ?? "")?.[1];
    expect(mark).toBeTruthy();
    const forged = { from: bob, to: OUTSIDER, text: CARD, extra: [`X-Postern-Notice: ${mark}`] };
    await flow.sandbox.send(bob, mail("forged", forged));
    expect((await finishedOne(flow.api, "forged")).verdict).toBe("block");
    // The service mailbox's own copy of a notice, as a tenant that keeps such copies would show it.
    const { skipped } = await closedLedger(flow.api, 1);
    flow.sandbox.put(`dlp@${DOMAIN}`, "sentitems", notice?.mime ?? Buffer.from(""));
    await until("the notice is skipped", async () => (await closedLedger(flow.api, 1)).skipped > skipped, PATIENCE_MS);
    expect(await flow.api.messages(`?mailbox=dlp@${DOMAIN}`)).toEqual([]);
  });
});
