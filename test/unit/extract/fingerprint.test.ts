import { describe, expect, it } from "vitest";
import { attachment, mail } from "../../support/documents.ts";
import { read } from "../../support/documents-reading.ts";

const HEAD = [
  "From: a@x.example",
  "To: b@y.example",
  "Subject: s",
  "Message-ID: <1@x>",
  "Date: Mon, 30 Nov 2026 10:00:00 +0100",
];
const text = (body: string) => ({ headers: ["Content-Type: text/plain; charset=utf-8"], body });
const file = attachment("a.bin", Buffer.from("some bytes"));

async function fingerprint(bytes: Uint8Array): Promise<string> {
  return (await read(bytes)).fingerprint;
}

describe("fingerprint", () => {
  it("is equal for a copy that was written anew", async () => {
    const sent = mail(HEAD, [text("Grüße, ann"), file]);
    const again = mail(
      [
        "Date: Mon, 30 Nov 2026 09:00:00 GMT",
        "X-Added: by a relay",
        "Subject: =?utf-8?q?s?=",
        "To: <B@y.example>",
        "Bcc: c@z.example",
      ],
      [
        file,
        {
          headers: ["Content-Type: text/plain; charset=iso-8859-1", "Content-Transfer-Encoding: quoted-printable"],
          body: "Gr=FC=DFe,=\r\n ann",
        },
      ],
      "another",
    );
    expect(await fingerprint(again)).toBe(await fingerprint(sent));
  });

  it.each([
    ["body", HEAD, [text("Grüße, bob"), file]],
    ["attachment", HEAD, [text("Grüße, ann"), attachment("a.bin", Buffer.from("other bytes"))]],
    ["recipient", HEAD.with(1, "To: c@y.example"), [text("Grüße, ann"), file]],
    ["subject", HEAD.with(2, "Subject: t"), [text("Grüße, ann"), file]],
    ["date", HEAD.with(4, "Date: Mon, 30 Nov 2026 10:00:01 +0100"), [text("Grüße, ann"), file]],
  ])("differs for another %s under the same Message-ID", async (_what, head, parts) => {
    expect(await fingerprint(mail(head, parts))).not.toBe(await fingerprint(mail(HEAD, [text("Grüße, ann"), file])));
  });
});
