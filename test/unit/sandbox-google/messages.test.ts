import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GoogleSandbox } from "../../../connectors/sandbox/google/sandbox.ts";
import { ANN, BOB, type Caller, gmailAs, mail, scope, startWithPeople, text } from "./client.ts";

const MULTIPART = Buffer.from(
  [
    "From: ann@corp.example",
    "To: bob@corp.example",
    "Subject: =?utf-8?B?UsOpc3Vtw6k=?=",
    'Content-Type: multipart/mixed; boundary="b"',
    "",
    "--b",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: quoted-printable",
    "",
    "caf=C3=A9",
    "--b",
    'Content-Type: application/octet-stream; name="a.bin"',
    'Content-Disposition: attachment; filename="a.bin"',
    "Content-Transfer-Encoding: base64",
    "",
    "AAECAwQ=",
    "--b--",
    "",
  ].join("\r\n"),
);

/** Bytes that no decoder would give back: no charset, bare line feeds, a NUL. */
const ODD = Buffer.from([
  ...Buffer.from("From: ann@corp.example\nTo: bob@corp.example\nMessage-ID: <odd@corp.example>\n\n"),
  0xff,
  0x00,
  0x80,
  0x0a,
  0x0d,
  0xfe,
]);

let sandbox: GoogleSandbox;
let gmail: Caller;
beforeAll(async () => {
  sandbox = await startWithPeople();
  sandbox.delegation.add(scope("full"));
  gmail = await gmailAs(sandbox, ANN, "full");
});
afterAll(() => sandbox.close());

describe("messages.get", () => {
  it("gives the very bytes that were sent, as base64url", async () => {
    const { id } = await sandbox.send(ANN, ODD);
    const { body } = await gmail("GET", `/messages/${id}?format=raw`);
    expect(Buffer.from(text(body.raw), "base64url")).toEqual(ODD);
    expect(text(body.raw)).not.toMatch(/[+/=]/);
  });

  it("tells times and history ids as strings", async () => {
    const { id } = await sandbox.send(ANN, mail());
    const { body } = await gmail("GET", `/messages/${id}?format=minimal`);
    expect([typeof body.internalDate, typeof body.historyId, body.payload]).toEqual(["string", "string", undefined]);
  });

  it("shows only the wanted headers as metadata", async () => {
    const { id } = await sandbox.send(ANN, MULTIPART);
    const { body } = await gmail("GET", `/messages/${id}?format=metadata&metadataHeaders=Subject&metadataHeaders=to`);
    expect(body.payload?.headers).toEqual([
      { name: "To", value: BOB },
      { name: "Subject", value: "Résumé" },
    ]);
  });

  it("takes the message apart as full, with attachments behind ids that change at every read", async () => {
    const { id } = await sandbox.send(ANN, MULTIPART);
    const first = await gmail("GET", `/messages/${id}`);
    const second = await gmail("GET", `/messages/${id}?format=full`);
    const parts = first.body.payload?.parts;
    expect(Buffer.from(text(parts?.[0]?.body?.data), "base64url").toString()).toBe("café");
    expect(parts?.[1]).toMatchObject({ partId: "1", filename: "a.bin", mimeType: "application/octet-stream" });
    const attachmentId = text(parts?.[1]?.body?.attachmentId);
    expect(second.body.payload?.parts?.[1]?.body?.attachmentId).not.toBe(attachmentId);
    const attachment = await gmail("GET", `/messages/${id}/attachments/${attachmentId}`);
    expect(attachment.body).toEqual({ size: 5, data: "AAECAwQ" });
  });

  it("answers 404 for an unknown id, and for a fresh one while reading lags", async () => {
    expect((await gmail("GET", "/messages/123456")).status).toBe(404);
    sandbox.lag.begin("get", { calls: 1 });
    const { id } = await sandbox.send(ANN, mail());
    expect((await gmail("GET", `/messages/${id}`)).status).toBe(404);
    expect((await gmail("GET", `/messages/${id}`)).status).toBe(200);
  });
});

describe("messages.list", () => {
  const ids = async (query: string): Promise<string[]> => {
    const { body } = await gmail("GET", `/messages?${query}`);
    return [...(body.messages ?? [])].map((message) => text(message.id));
  };

  it("asks for all of several labels and hides spam and trash unless asked for", async () => {
    const own = await sandbox.send(ANN, mail({ To: ANN }));
    const other = await sandbox.send(ANN, mail());
    const both = await ids("labelIds=SENT&labelIds=INBOX");
    expect([both.includes(own.id), both.includes(other.id)]).toEqual([true, false]);
    await gmail("POST", `/messages/${other.id}/trash`);
    expect(await ids("labelIds=SENT&maxResults=500")).not.toContain(other.id);
    expect(await ids("labelIds=SENT&maxResults=500&includeSpamTrash=true")).toContain(other.id);
    expect(await ids(`q=${encodeURIComponent("in:trash")}`)).toContain(other.id);
  });

  it("finds by Message-ID with and without brackets, once the search index has it", async () => {
    sandbox.lag.begin("search", { calls: 1 });
    const { id } = await sandbox.send(ANN, mail({ "Message-ID": "<find.me@corp.example>" }));
    const query = `q=${encodeURIComponent("rfc822msgid:find.me@corp.example")}`;
    expect(await ids(query)).toEqual([]);
    expect(await ids(query)).toEqual([id]);
    expect(await ids(`q=${encodeURIComponent("rfc822msgid:<find.me@corp.example>")}`)).toEqual([id]);
    expect(await ids(`q=${encodeURIComponent("rfc822msgid:me@corp.example")}`)).toEqual([]);
  });

  it("understands times in seconds, dates as Pacific time, senders, words and negation", async () => {
    const at = new Date("2026-03-05T09:00:00Z");
    const { id } = sandbox.deposit(ANN, mail({ From: BOB, To: ANN, Subject: "Pelican" }, "blue whale"), { at });
    const seconds = at.getTime() / 1_000;
    const hits = [
      `after:${seconds} before:${seconds + 1}`,
      "after:2026/03/05 before:2026/03/06",
      "from:bob@corp.example pelican",
      '"blue whale"',
    ];
    for (const query of hits) expect(await ids(`q=${encodeURIComponent(query)}`)).toContain(id);
    const misses = [`after:${seconds + 1} pelican`, "before:2026/03/05 pelican", "pelican -whale", "in:sent pelican"];
    for (const query of misses) expect(await ids(`q=${encodeURIComponent(query)}`)).not.toContain(id);
  });

  it("says that it does not understand OR, instead of finding something else", async () => {
    expect((await gmail("GET", `/messages?q=${encodeURIComponent("a OR b")}`)).status).toBe(501);
  });

  it("pages newest first without repeating or losing a message when mail arrives meanwhile", async () => {
    sandbox.addUser({ address: "carl@corp.example", name: "Carl" });
    const carl = await gmailAs(sandbox, "carl@corp.example", "gmail.readonly");
    const sent: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      const at = new Date(1_700_000_000_000 + index * 1_000);
      sent.unshift(sandbox.deposit("carl@corp.example", mail(), { at }).id);
    }
    const seen: string[] = [];
    let token = "";
    do {
      const { body } = await carl("GET", `/messages?maxResults=3${token}`);
      seen.push(...[...(body.messages ?? [])].map((message) => text(message.id)));
      token = body.nextPageToken === undefined ? "" : `&pageToken=${text(body.nextPageToken)}`;
      sandbox.deposit("carl@corp.example", mail());
    } while (token !== "");
    expect(seen).toEqual(sent);
  });
});

describe("changing messages", () => {
  it("adds and removes labels, and refuses those that only Gmail sets", async () => {
    const { id } = await sandbox.send(ANN, mail());
    const changed = await gmail("POST", `/messages/${id}/modify`, { addLabelIds: ["STARRED"] });
    expect(changed.body.labelIds).toEqual(["SENT", "STARRED"]);
    const refusals = [
      { removeLabelIds: ["SENT"] },
      { addLabelIds: ["DRAFT"] },
      { addLabelIds: ["Label_none"] },
      { addLabelIds: ["INBOX"], removeLabelIds: ["INBOX"] },
      { addLabelIds: Array.from({ length: 101 }, () => "INBOX") },
      {},
    ];
    for (const change of refusals) expect((await gmail("POST", `/messages/${id}/modify`, change)).status).toBe(400);
  });

  it("refuses a misspelt field and an unknown parameter", async () => {
    const { id } = await sandbox.send(ANN, mail());
    expect((await gmail("POST", `/messages/${id}/modify`, { addLabelId: ["STARRED"] })).status).toBe(400);
    expect((await gmail("GET", `/messages/${id}?formt=raw`)).status).toBe(400);
  });

  it("keeps SENT on a sent message in the trash, and gives it back", async () => {
    const { id } = await sandbox.send(ANN, mail());
    expect((await gmail("POST", `/messages/${id}/trash`)).body.labelIds).toEqual(["SENT", "TRASH"]);
    expect((await gmail("POST", `/messages/${id}/untrash`)).body.labelIds).toEqual(["SENT"]);
  });

  it("leaves the list of labels out when it is empty", async () => {
    const { id } = sandbox.deposit(ANN, mail(), { labels: ["INBOX"] });
    const { body } = await gmail("POST", `/messages/${id}/modify`, { removeLabelIds: ["INBOX"] });
    expect(body).toEqual({ id, threadId: id });
  });

  it("changes a thousand messages at once without telling about each, and not one more", async () => {
    const { id } = await sandbox.send(ANN, mail());
    const reply = await gmail("POST", "/messages/batchModify", { ids: [id, "none"], addLabelIds: ["TRASH"] });
    expect([reply.status, reply.body]).toEqual([204, {}]);
    const many = Array.from({ length: 1_001 }, (_, index) => `${index}`);
    expect((await gmail("POST", "/messages/batchModify", { ids: many, addLabelIds: ["TRASH"] })).status).toBe(400);
  });

  it("deletes for good only with the full scope", async () => {
    const { id } = await sandbox.send(ANN, mail());
    expect((await gmail("DELETE", `/messages/${id}`)).status).toBe(204);
    expect((await gmail("DELETE", `/messages/${id}`)).status).toBe(404);
  });
});
