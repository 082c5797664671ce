import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NOTICE_OCCASIONS, type NoticeAudience, type NoticeOccasion } from "../../src/core/policy.ts";
import { ENGLISH } from "../../src/notify/languages/english.ts";
import { expire } from "../../src/quarantine/decide.ts";
import type { MessageView } from "../support/api.ts";
import { DOMAIN, type MicrosoftFlow, startMicrosoftFlow } from "../support/microsoft-service.ts";
import { ann, boss, CARD, CODE_NAME, carl, IBAN, mail, OUTSIDER } from "./mail.ts";
import { finishedOne, PATIENCE_MS, START_MS } from "./watching.ts";

const SWITCHES = NOTICE_OCCASIONS.flatMap((occasion) =>
  (["originator", "managers"] as const).map((audience) => `notify.${occasion}.${audience}` as const),
);
const PEOPLE = ["ann", "bob", "carl", "dora", "boss", "dlp"].map((name) => `${name}@${DOMAIN}`);

/** Every switch off but those named. */
function policyOf(on: readonly string[], more: Readonly<Record<string, unknown>> = {}): object {
  const switches = Object.fromEntries(SWITCHES.map((name) => [name, on.includes(name)]));
  const rule = (id: string, detector: string, action: string) => ({ id, when: { detectors: [{ detector }] }, action });
  return {
    detectors: [
      { id: "code-names", words: ["osprey"] },
      { id: "secret-words", words: ["classified"] },
    ],
    rules: [
      rule("words", "code-names", "warn"),
      rule("accounts", "iban", "quarantine"),
      rule("cards", "credit-card", "block"),
      rule("encrypt", "secret-words", "must-encrypt"),
    ],
    scopes: {
      global: {
        rules: ["words", "accounts", "cards", "encrypt"],
        settings: {
          "dlp.managers": [carl, "manager-of-sender"],
          "quarantine.expire-after-days": 0,
          ...switches,
          ...more,
        },
      },
    },
  };
}

describe("the notification switches, by the mail that arrives", () => {
  let flow: MicrosoftFlow;
  beforeAll(async () => {
    flow = await startMicrosoftFlow();
    expect((await flow.api.request("POST", "/api/v1/tenants", flow.settings())).status).toBe(201);
  }, START_MS);
  afterAll(() => flow.close());

  const use = async (policy: object) =>
    expect((await flow.api.request("PUT", "/api/v1/policy", policy)).status).toBe(200);
  const send = async (subject: string, text: string): Promise<MessageView> => {
    await flow.sandbox.send(ann, mail(subject, { text }));
    return finishedOne(flow.api, subject);
  };
  /** A message without any readable part. */
  const sendUnreadable = async (name: string): Promise<MessageView> => {
    const lines = [
      `From: ${ann}`,
      `To: ${OUTSIDER}`,
      `Message-ID: <${name}@${DOMAIN}>`,
      "Date: Mon, 30 Nov 2026 12:00:00 +0000",
      "MIME-Version: 1.0",
      "Content-Type: application/octet-stream; name=x.bin",
      "Content-Transfer-Encoding: base64",
      "",
      "AAECAwQFBgcICQ==",
      "",
    ];
    await flow.sandbox.send(ann, Buffer.from(lines.join("\r\n")));
    const record = await finishedOne(flow.api, name);
    expect(record.status).toBe("failed");
    return record;
  };
  const itemOf = async (record: MessageView) =>
    (await flow.api.quarantine("?limit=500")).find((item) => item.incident === record.id);
  const decide = async (record: MessageView, verb: "release" | "delete") =>
    expect(
      (await flow.api.request("POST", `/api/v1/quarantine/${(await itemOf(record))?.id}/${verb}`, {})).status,
    ).toBe(200);

  const happen: Readonly<Record<NoticeOccasion, (subject: string) => Promise<MessageView>>> = {
    warning: (subject) => send(subject, CODE_NAME),
    quarantine: (subject) => send(subject, IBAN),
    block: (subject) => send(subject, CARD),
    error: (subject) => sendUnreadable(subject),
    release: async (subject) => {
      const record = await send(subject, IBAN);
      await decide(record, "release");
      return record;
    },
    delete: async (subject) => {
      const record = await send(subject, IBAN);
      await decide(record, "delete");
      return record;
    },
    expire: async (subject) => {
      const record = await send(subject, IBAN);
      await expire(flow.service.assembly.quarantine, new AbortController().signal);
      return record;
    },
  };

  /** Who has a mail about the record in the inbox, with its title. */
  const told = (record: MessageView): readonly string[] =>
    PEOPLE.flatMap((person) =>
      flow.sandbox
        .messages(person, "inbox")
        .filter((message) => message.subject.startsWith(`[Postern ${record.id}] `))
        .map((message) => `${person}: ${message.subject.slice(`[Postern ${record.id}] `.length)}`),
    );

  it.each(SWITCHES)("%s tells them, and nobody else of anything", { timeout: 2 * PATIENCE_MS }, async (name) => {
    const [, occasion, audience] = name.split(".") as [string, NoticeOccasion, NoticeAudience];
    await use(policyOf([name]));
    const subject = name.replaceAll(".", "-");
    await happen[occasion](subject);
    const record = await finishedOne(flow.api, subject);
    const title = ENGLISH.subject[occasion];
    const expected = audience === "originator" ? [ann] : [carl, boss];
    expect(told(record)).toEqual(expected.map((person) => `${person}: ${title}`));
  });

  it("tells nobody when all are off", { timeout: 7 * PATIENCE_MS }, async () => {
    await use(policyOf([]));
    for (const occasion of NOTICE_OCCASIONS) {
      const subject = `silent-${occasion}`;
      await happen[occasion](subject);
      expect(told(await finishedOne(flow.api, subject))).toEqual([]);
    }
  });

  it("holds what could not be read when quarantine.on-error says so", { timeout: 2 * PATIENCE_MS }, async () => {
    await use(policyOf(["notify.error.managers"], { "quarantine.on-error": true }));
    const record = await sendUnreadable("held-on-error");
    expect(record.verdict).toBe("quarantine");
    expect(await itemOf(record)).toMatchObject({ state: "held", final: false });
    const isThere = (): boolean =>
      flow.sandbox.messages(ann, "sentitems").some((message) => message.internetMessageId?.includes("held-on-error"));
    expect(isThere()).toBe(false);
    expect(told(record).length).toBe(2);
    await decide(record, "release");
    await finishedOne(flow.api, "held-on-error");
    expect(isThere()).toBe(true);
  });

  it("holds clear mail that had to be encrypted when quarantine.on-failed-encryption says so", {
    timeout: 4 * PATIENCE_MS,
  }, async () => {
    const on = ["notify.quarantine.originator", "notify.block.managers"];
    await use(policyOf(on, { "quarantine.on-failed-encryption": true }));
    const held = await send("held-clear", "classified");
    expect(held.actions).toContainEqual(expect.objectContaining({ kind: "encrypt", state: "not-possible" }));
    expect(await itemOf(held)).toMatchObject({ state: "held", final: false });
    expect(told(held)).toEqual([`${ann}: ${ENGLISH.subject.quarantine}`]);
    await use(policyOf(on, { "quarantine.on-failed-encryption": false }));
    const passed = await send("passed-clear", "classified");
    expect(await itemOf(passed)).toBeUndefined();
    expect(told(passed)).toEqual([carl, boss].map((person) => `${person}: ${ENGLISH.subject.block}`));
  });

  it("asks for a reason where quarantine.require-reason says so, and keeps it with the person", {
    timeout: 2 * PATIENCE_MS,
  }, async () => {
    await use(policyOf([], { "quarantine.require-reason": true }));
    const item = await itemOf(await send("with-reason", IBAN));
    const release = (body: object) => flow.api.request("POST", `/api/v1/quarantine/${item?.id}/release`, body);
    expect((await release({})).status).toBe(400);
    expect((await release({ reason: "  " })).status).toBe(400);
    const released = await release({ reason: "agreed with legal" });
    expect(released).toMatchObject({ status: 200, body: { state: "released" } });
    expect((released.body.history as readonly object[]).at(-1)).toMatchObject({
      state: "released",
      by: "admin-token",
      reason: "agreed with legal",
    });
    expect((await release({})).status).toBe(409);
  });
});
