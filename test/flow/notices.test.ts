import PostalMime from "postal-mime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DOMAIN, type MicrosoftFlow, startMicrosoftFlow } from "../support/microsoft-service.ts";
import { until } from "../support/until.ts";
import { ann, bob, boss, CARD, CODE_NAME, carl, mail, OUTSIDER } from "./mail.ts";
import { allRecords, finishedOne, PATIENCE_MS, START_MS } from "./watching.ts";

const dlp = `dlp@${DOMAIN}`;
const HOUR_MS = 3_600_000;

function policyWith(settings: Readonly<Record<string, unknown>> = {}): object {
  const tell = { en: "No code names by mail.", nl: "Geen codenamen per mail." };
  const rule = (id: string, detector: string, action: string) => ({
    id,
    when: { detectors: [{ detector }] },
    action,
    tell,
  });
  return {
    detectors: [{ id: "code-names", words: ["osprey"] }],
    rules: [rule("words", "code-names", "warn"), rule("cards", "credit-card", "block")],
    scopes: {
      global: { rules: ["words", "cards"], settings: { "dlp.managers": [carl, "manager-of-sender"], ...settings } },
    },
  };
}

describe("notices", () => {
  let flow: MicrosoftFlow;
  beforeAll(async () => {
    flow = await startMicrosoftFlow();
    flow.sandbox.addUser({ address: ann, displayName: "ann", manager: boss, language: "nl-NL" });
    flow.sandbox.addUser({ address: carl, displayName: "carl", language: "de-DE" });
    await use(policyWith());
    expect((await flow.api.request("POST", "/api/v1/tenants", flow.settings())).status).toBe(201);
  }, START_MS);
  afterAll(() => flow.close());

  const use = async (policy: object) =>
    expect((await flow.api.request("PUT", "/api/v1/policy", policy)).status).toBe(200);
  const inbox = (person: string) =>
    flow.sandbox.messages(person, "inbox").filter((message) => message.subject.startsWith("[Postern "));
  const bodyOf = async (message: { readonly mime: Buffer } | undefined) =>
    (await PostalMime.parse(message?.mime ?? "")).html ?? "";
  const about = (person: string, id: string) => inbox(person).filter((message) => message.subject.includes(id));

  it("speak each reader's language and show masked samples only", { timeout: 2 * PATIENCE_MS }, async () => {
    await flow.sandbox.send(ann, mail("languages", { text: `${CARD}\n${CODE_NAME}` }));
    const { id } = await finishedOne(flow.api, "languages");
    const [toAnn, toCarl, toBoss] = [ann, carl, boss].map((person) => about(person, id));
    expect([toAnn, toCarl, toBoss].map((mails) => mails?.map(({ subject }) => subject.split("] ")[1]))).toEqual([
      ["Een bericht is geblokkeerd"],
      ["Eine Nachricht wurde blockiert"],
      ["A message was blocked"],
    ]);
    const text = await bodyOf(toAnn?.[0]);
    expect(text).toContain("Geen codenamen per mail.");
    expect(text).toContain("1111");
    expect(text).not.toMatch(/4111[\s.-]*1111/);
    expect(await bodyOf(toCarl?.[0])).toContain(`/incidents/${id}`);
  });

  it("are sent once to a sender who is a manager too", { timeout: 2 * PATIENCE_MS }, async () => {
    await use(policyWith({ "dlp.managers": [ann, ann] }));
    await flow.sandbox.send(ann, mail("both-roles", { text: CARD }));
    const { id } = await finishedOne(flow.api, "both-roles");
    expect(about(ann, id)).toHaveLength(1);
  });

  it("answer nothing to automatic mail, and still act on it", { timeout: 2 * PATIENCE_MS }, async () => {
    await use(policyWith());
    await flow.sandbox.send(ann, mail("out-of-office", { text: CARD, extra: ["Auto-Submitted: auto-replied"] }));
    const record = await finishedOne(flow.api, "out-of-office");
    expect(record.verdict).toBe("block");
    expect(record.actions).toContainEqual(
      expect.objectContaining({ kind: "notify", target: ann, state: "not-possible", reason: "automatic-mail" }),
    );
    expect(about(ann, record.id)).toEqual([]);
    expect(about(carl, record.id)).toHaveLength(1);
  });

  it("are not caused by bounces and auto-replies to them", { timeout: 3 * PATIENCE_MS }, async () => {
    await flow.sandbox.send(ann, mail("before-bounces", { text: CARD }));
    await finishedOne(flow.api, "before-bounces");
    const before = {
      records: (await allRecords(flow.api)).length,
      mails: [ann, carl, boss, dlp].map((one) => inbox(one).length),
    };
    const bounce = (round: number, extra: readonly string[]) =>
      mail(`bounce-${round}-${extra.length}`, { from: `mailer-daemon@${DOMAIN}`, to: dlp, text: CARD, extra });
    for (const round of [1, 2, 3]) {
      flow.sandbox.put(dlp, "inbox", bounce(round, ["Return-Path: <>", "Auto-Submitted: auto-replied"]));
      flow.sandbox.put(dlp, "inbox", bounce(round, ["Content-Type: multipart/report; boundary=x"]));
    }
    // A later mail that was decided shows that everything before it was seen.
    await flow.sandbox.send(bob, mail("after-bounces", { from: bob, to: OUTSIDER, text: "hello" }));
    await finishedOne(flow.api, "after-bounces");
    expect((await allRecords(flow.api)).length).toBe(before.records + 1);
    expect([ann, carl, boss, dlp].map((one) => inbox(one).length)).toEqual(before.mails);
  });

  it("become one digest after so many in an hour", { timeout: 6 * PATIENCE_MS }, async () => {
    await use(policyWith({ "notify.digest-after": 2, "dlp.managers": [] }));
    const from = `dora@${DOMAIN}`;
    const subjects = [1, 2, 3, 4, 5].map((number) => `many-${number}`);
    for (const subject of subjects) {
      await flow.sandbox.send(from, mail(subject, { from, text: CODE_NAME }));
      await finishedOne(flow.api, subject);
    }
    expect(inbox(from)).toHaveLength(2);
    const last = await finishedOne(flow.api, "many-5");
    expect(last.actions).toContainEqual(
      expect.objectContaining({ kind: "notify", target: from, state: "not-possible", reason: "digested" }),
    );
    await flow.restart({ POSTERN_TEST_CLOCK_OFFSET_MS: String(HOUR_MS + 60_000) });
    const digest = await until("the digest", () => inbox(from)[2], 2 * PATIENCE_MS);
    expect(digest.subject).toContain("Summary of the last hour");
    const text = await bodyOf(digest);
    expect(subjects.map((subject) => text.includes(subject))).toEqual([false, false, true, true, true]);
    await flow.sandbox.send(from, mail("after-digest", { from, text: CODE_NAME }));
    await finishedOne(flow.api, "after-digest");
    expect(inbox(from)).toHaveLength(4);
  });
});
