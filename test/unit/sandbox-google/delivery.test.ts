import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GoogleSandbox } from "../../../connectors/sandbox/google/sandbox.ts";
import { ANN, BOB, base64url, type Caller, gmailAs, mail, startWithPeople, text } from "./client.ts";

const CARL = "carl@corp.example";

let sandbox: GoogleSandbox;
let gmail: Caller;
beforeAll(async () => {
  sandbox = await startWithPeople();
  sandbox.addUser({ address: CARL, name: "Carl" });
  sandbox.addGroup({ address: "team@corp.example", members: [BOB, "inner@corp.example"] });
  sandbox.addGroup({ address: "inner@corp.example", members: [CARL, "eve@out.example", "team@corp.example"] });
  gmail = await gmailAs(sandbox, ANN, "gmail.compose gmail.modify");
});
afterAll(() => sandbox.close());

const find = (mailbox: string, internetMessageId: string) =>
  sandbox.messages(mailbox).filter((message) => message.internetMessageId === internetMessageId);
const asText = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("latin1");

describe("sending", () => {
  it("delivers to internal people, and records the external ones", async () => {
    const headers = { To: `${BOB}, x@out.example`, Cc: "Carl <CARL@corp.example>", "Message-ID": "<d1@corp.example>" };
    const sent = await sandbox.send(ANN, mail(headers));
    expect(find(ANN, "<d1@corp.example>")[0]).toMatchObject({ id: sent.id, labels: ["SENT"] });
    expect(find(BOB, "<d1@corp.example>")[0]?.labels).toContain("INBOX");
    expect(find(CARL, "<d1@corp.example>")).toHaveLength(1);
    expect(sandbox.outside.at(-1)).toMatchObject({
      from: ANN,
      recipients: ["x@out.example"],
      internetMessageId: "<d1@corp.example>",
    });
  });

  it("keeps Bcc in the sender's copy and takes it out of every other one, leaving all other bytes alone", async () => {
    const raw = mail({ "Message-ID": "<d2@corp.example>", Bcc: "x@out.example,\r\n y@out.example" }, "\u00ffbody");
    await sandbox.send(ANN, raw, { bcc: [CARL] });
    const own = asText(find(ANN, "<d2@corp.example>")[0]?.mime);
    expect(own).toBe(`Bcc: ${CARL}\r\n${asText(raw)}`);
    for (const mailbox of [BOB, CARL]) {
      const copy = asText(find(mailbox, "<d2@corp.example>")[0]?.mime);
      expect(copy).not.toMatch(/bcc|out\.example/i);
      expect(copy.endsWith(asText(raw).replace(/Bcc: .*\r\n .*\r\n/, ""))).toBe(true);
    }
    expect(sandbox.outside.at(-1)?.recipients).toEqual(["x@out.example", "y@out.example"]);
  });

  it("expands nested groups, cycles included, and gives everybody one copy", async () => {
    const headers = { To: `team@corp.example, ${BOB}, bob+tag@corp.example`, "Message-ID": "<d3@corp.example>" };
    await sandbox.send(ANN, mail(headers));
    expect([find(BOB, "<d3@corp.example>").length, find(CARL, "<d3@corp.example>").length]).toEqual([1, 1]);
    expect(sandbox.outside.at(-1)?.recipients).toEqual(["eve@out.example"]);
  });

  it("puts a mail to oneself into one message with SENT and INBOX, also by alias", async () => {
    const { id } = await sandbox.send(ANN, mail({ To: "a@corp.example" }));
    expect(sandbox.messages(ANN).find((message) => message.id === id)?.labels).toEqual(["UNREAD", "SENT", "INBOX"]);
  });

  it("gives a mail without Message-ID one, and may replace it when told to", async () => {
    const without = await sandbox.send(ANN, mail());
    expect(without.internetMessageId).toMatch(/^<.+@mail\.gmail\.com>$/);
    expect(find(BOB, without.internetMessageId)).toHaveLength(1);
    sandbox.behaviour.rewriteMessageId = true;
    const replaced = await sandbox.send(ANN, mail({ "Message-ID": "<d4@corp.example>" }));
    sandbox.behaviour.rewriteMessageId = false;
    expect(replaced.internetMessageId).not.toBe("<d4@corp.example>");
    expect(asText(find(ANN, replaced.internetMessageId)[0]?.mime)).not.toContain("d4@corp");
  });

  it("tells of own addresses that nobody has, and refuses a mail without recipients", async () => {
    await sandbox.send(ANN, mail({ To: "typo@corp.example" }));
    expect(sandbox.undeliverable).toContain("typo@corp.example");
    const reply = await gmail("POST", "/messages/send", { raw: base64url(Buffer.from("Subject: x\r\n\r\nx")) });
    expect(reply.body.error?.message).toBe("Recipient address required");
  });

  it("keeps an answer in the thread of the message that it answers", async () => {
    const first = await sandbox.send(ANN, mail({ "Message-ID": "<t1@corp.example>" }));
    const answer = await sandbox.send(
      BOB,
      mail({ From: BOB, To: ANN, "In-Reply-To": "<t1@corp.example>", "Message-ID": "<t2@corp.example>" }),
    );
    expect(find(ANN, "<t2@corp.example>")[0]?.threadId).toBe(first.threadId);
    expect(find(BOB, "<t1@corp.example>")[0]?.threadId).toBe(answer.threadId);
  });

  it("sends through the API with a new message labelled SENT", async () => {
    const { body } = await gmail("POST", "/messages/send", {
      raw: base64url(mail({ "Message-ID": "<d5@corp.example>" })),
    });
    expect(body).toEqual({ id: find(ANN, "<d5@corp.example>")[0]?.id, threadId: text(body.id), labelIds: ["SENT"] });
  });
});

describe("drafts", () => {
  it("get a new message id at each save while the draft keeps its own", async () => {
    const first = sandbox.saveDraft(ANN, mail({}, "one"));
    const second = sandbox.saveDraft(ANN, mail({}, "two"), { draftId: first.draftId });
    expect([second.draftId, second.threadId]).toEqual([first.draftId, first.threadId]);
    expect(second.id).not.toBe(first.id);
    expect((await gmail("GET", `/messages/${first.id}?format=minimal`)).status).toBe(404);
    const { body } = await gmail("GET", `/drafts/${first.draftId}?format=minimal`);
    expect(body.message).toMatchObject({ id: second.id, labelIds: ["DRAFT"] });
  });

  it("can be created, changed, listed, sent and destroyed through the API", async () => {
    const created = await gmail("POST", "/drafts", { message: { raw: base64url(mail()) } });
    const id = text(created.body.id);
    const updated = await gmail("PUT", `/drafts/${id}`, { message: { raw: base64url(mail({ Subject: "New" })) } });
    expect(updated.body.message?.id).not.toBe(created.body.message?.id);
    const listed = await gmail("GET", "/drafts");
    expect([...(listed.body.drafts ?? [])].map((draft) => text(draft.id))).toContain(id);
    const sent = await gmail("POST", "/drafts/send", { id });
    expect([sent.body.labelIds, sent.body.id === updated.body.message?.id]).toEqual([["SENT"], false]);
    expect((await gmail("GET", `/drafts/${id}`)).status).toBe(404);
    const other = text((await gmail("POST", "/drafts", { message: { raw: base64url(mail()) } })).body.id);
    expect((await gmail("DELETE", `/drafts/${other}`)).status).toBe(204);
    expect((await gmail("DELETE", `/drafts/${other}`)).status).toBe(404);
  });

  it("carry no label but DRAFT", async () => {
    const { id } = sandbox.saveDraft(ANN, mail());
    expect((await gmail("POST", `/messages/${id}/modify`, { addLabelIds: ["STARRED"] })).status).toBe(400);
  });
});
