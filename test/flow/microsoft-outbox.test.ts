import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DOMAIN, type MicrosoftFlow, startMicrosoftFlow } from "../support/microsoft-service.ts";
import { until } from "../support/until.ts";
import { actionLines, closedLedger, connect, finished, notices, START_MS } from "./watching.ts";

const ann = `ann@${DOMAIN}`;
const boss = `boss@${DOMAIN}`;
const policy = `version: 1
rules:
  - id: cards-out
    when: { detectors: [{ detector: credit-card }], recipients: { are: external } }
    action: block
scopes:
  global:
    rules: [cards-out]
    settings: { dlp.enabled: true, dlp.managers: [manager-of-sender], notify.block.originator: true, notify.block.managers: true }
`;
const mail = (subject: string): Buffer =>
  Buffer.from(
    `From: ${ann}\r\nTo: x@out.example\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@${DOMAIN}>\r\nDate: Mon, 30 Nov 2026 12:00:00 +0000\r\n\r\ncard 4111 1111 1111 1111\r\n`,
  );

describe("mail that passes the Outbox of a Microsoft 365 tenant", () => {
  let flow: MicrosoftFlow;
  beforeAll(async () => {
    flow = await startMicrosoftFlow();
    await connect(flow.api, flow.settings({ stages: ["sent", "outbox", "draft"] }), policy);
  }, START_MS);
  afterAll(() => flow.close());

  const foldersOf = (subject: string) =>
    flow.sandbox
      .messages(ann)
      .filter((message) => message.internetMessageId === `<${subject}@${DOMAIN}>`)
      .map(({ folder }) => folder);
  const told = (subject: string) =>
    [ann, boss].map((person) => notices(flow.sandbox.messages(person, "inbox"), subject).length);
  /** Everything that the mailbox made known has an outcome, and nothing came in meanwhile. */
  const settled = async () => {
    const before = await closedLedger(flow.api, 1);
    return until("a quiet ledger", async () => {
      const after = await closedLedger(flow.api, before.accepted);
      return after.accepted === before.accepted && after;
    });
  };

  it("has one record, of its sent copy, which stays in quarantine", async () => {
    await flow.sandbox.send(ann, mail("left"), { viaOutbox: true });
    await finished(flow.api, "left");
    await settled();
    const records = await finished(flow.api, "left");
    expect(records.map(({ stage }) => stage)).toEqual(["sent"]);
    expect(records.flatMap(actionLines)).toEqual([
      `notify ${ann} done`,
      `notify ${boss} done`,
      `quarantine ${ann} done`,
      "recall x@out.example not-possible external-recipient",
    ]);
    expect(foldersOf("left")).toEqual(["Postern Quarantine"]);
    expect(told("left")).toEqual([1, 1]);
  });

  it("is held and returned while it waits there, and the return is no mail of its own", async () => {
    flow.sandbox.put(ann, "outbox", mail("waiting"));
    const [record] = await finished(flow.api, "waiting");
    await settled();
    expect(record?.stage).toBe("outbox");
    expect(actionLines(record as NonNullable<typeof record>)).toEqual([
      `hold ${ann} done`,
      `notify ${ann} done`,
      `notify ${boss} done`,
      `return-to-sender ${ann} done`,
    ]);
    expect(foldersOf("waiting")).toEqual(["drafts"]);
    expect(flow.sandbox.messages(ann, "drafts")).toMatchObject([{ categories: ["DLP: blocked"] }]);
    expect(await finished(flow.api, "waiting")).toHaveLength(1);
    expect(flow.sandbox.outside).toHaveLength(1);
  });

  it("says of a draft that left while it was being held that it was too late, and acts on its sent copy", async () => {
    flow.sandbox.quirks.sentKeepsDraftId = true;
    const { faults } = flow.sandbox;
    const move = faults.add({ method: "POST", path: "*/move", mailbox: ann, effect: { hold: "before" } });
    const { messageId } = flow.sandbox.saveDraft(ann, mail("raced"));
    await move.arrived();
    const sentCopy = faults.add({ method: "GET", path: "*/$value", mailbox: ann, effect: { hold: "before" } });
    flow.sandbox.sendDraft(ann, messageId);
    move.release();
    const [early] = await finished(flow.api, "raced");
    const tooLate = "not-possible already-sent";
    expect(early).toMatchObject({ stage: "draft", verdict: "block" });
    expect(actionLines(early as NonNullable<typeof early>)).toEqual([
      `hold ${ann} failed already-sent`,
      `notify ${ann} ${tooLate}`,
      `notify ${boss} ${tooLate}`,
      `return-to-sender ${ann} failed already-sent`,
    ]);
    sentCopy.remove();
    const records = await finished(flow.api, "raced", 2);
    const [late] = records.filter(({ stage }) => stage === "sent");
    expect(actionLines(late as NonNullable<typeof late>)).toEqual([
      `notify ${ann} done`,
      `notify ${boss} done`,
      `quarantine ${ann} done`,
      "recall x@out.example not-possible external-recipient",
    ]);
    expect(foldersOf("raced")).toEqual(["Postern Quarantine"]);
    expect(told("raced")).toEqual([1, 1]);
  });
});
