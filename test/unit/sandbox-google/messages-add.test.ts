import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GoogleSandbox } from "../../../connectors/sandbox/google/sandbox.ts";
import { ANN, base64url, type Caller, gmailAs, mail, scope, startWithPeople, text, tokenFor } from "./client.ts";

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

describe("adding messages", () => {
  const upload = async (path: string, type: string, body: Buffer): Promise<Response> => {
    const token = await tokenFor(sandbox, ANN, "gmail.insert");
    const headers = { authorization: `Bearer ${token}`, "content-type": type };
    return fetch(`${sandbox.gmailUrl}/upload/gmail/v1/users/me/messages${path}`, {
      method: "POST",
      headers,
      body: new Uint8Array(body),
    });
  };

  it("inserts the bytes with labels and the time of the Date header, and sends nothing", async () => {
    const raw = mail({ Date: "Mon, 2 Mar 2026 10:00:00 +0000", To: "x@out.example" });
    const before = sandbox.outside.length;
    const { body } = await gmail("POST", "/messages?internalDateSource=dateHeader", {
      raw: base64url(raw),
      labelIds: ["SENT"],
    });
    const read = await gmail("GET", `/messages/${text(body.id)}?format=raw`);
    expect(read.body).toMatchObject({ labelIds: ["SENT"], internalDate: `${Date.parse("2026-03-02T10:00:00Z")}` });
    expect(Buffer.from(text(read.body.raw), "base64url")).toEqual(raw);
    expect(sandbox.outside.length).toBe(before);
  });

  it("hides what was inserted as deleted from everybody but Vault", async () => {
    const start = sandbox.historyId(ANN);
    const { body } = await gmail("POST", "/messages?deleted=true", { raw: base64url(mail()) });
    expect((await gmail("GET", `/messages/${text(body.id)}`)).status).toBe(404);
    expect(sandbox.historyId(ANN)).toBe(start);
    expect(sandbox.vault(ANN).at(-1)?.id).toBe(text(body.id));
  });

  it("takes uploads of a message alone and of a message with its resource", async () => {
    const alone = await upload("?uploadType=media", "message/rfc822", ODD);
    const { id } = (await alone.json()) as { id: string };
    expect(sandbox.messages(ANN).find((message) => message.id === id)?.mime).toEqual(new Uint8Array(ODD));
    const related = Buffer.concat([
      Buffer.from(
        '--x\r\nContent-Type: application/json\r\n\r\n{"labelIds":["INBOX"]}\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n',
      ),
      ODD,
      Buffer.from("\r\n--x--"),
    ]);
    const both = (await (
      await upload("/import?uploadType=multipart", "multipart/related; boundary=x", related)
    ).json()) as { id: string };
    const stored = sandbox.messages(ANN).find((message) => message.id === both.id);
    expect([stored?.labels, stored?.mime]).toEqual([["INBOX"], new Uint8Array(ODD)]);
  });

  it("refuses an upload of another type, an empty body and a thread that does not exist", async () => {
    expect((await upload("?uploadType=media", "text/plain", ODD)).status).toBe(400);
    expect((await gmail("POST", "/messages/send", {})).status).toBe(400);
    expect((await gmail("POST", "/messages", { raw: base64url(mail()), threadId: "none" })).status).toBe(404);
  });
});
