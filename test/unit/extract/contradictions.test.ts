import fc from "fast-check";
import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { attachment, mail, zip } from "../../support/documents.ts";
import { problems, read, textAt } from "../../support/documents-reading.ts";

const CARD = "card 4111 1111 1111 1111";
const plain = (charset: string | null, body: Buffer) =>
  Buffer.concat([
    Buffer.from(`Subject: s\r\nContent-Type: text/plain${charset === null ? "" : `; charset=${charset}`}\r\n`),
    Buffer.from("Content-Transfer-Encoding: 8bit\r\n\r\n"),
    body,
  ]);
const marked = (mark: string, text: string | Buffer) =>
  Buffer.concat([Buffer.from(mark, "latin1"), Buffer.from(text as string)]);

const LITTLE = "\xff\xfe";
const BIG = "\xfe\xff";
const MARKS = [LITTLE, BIG, "\xff\xfe\0\0", "\0\0\xfe\xff"];
const DECLARED = ["utf-8", "us-ascii", "iso-8859-1", "windows-1252", "utf-16", "utf-16le", "utf-16be", null];

describe("a byte-order mark before text of single bytes", () => {
  it.each(MARKS.flatMap((mark) => DECLARED.map((charset) => [mark, charset] as const)))(
    "%j hides nothing of a body declared as %s",
    async (mark, charset) => {
      const found = await read(plain(charset, marked(mark, ` ${CARD}`)));
      expect(textAt(found, "body")).toContain(CARD);
      expect(problems(found)).toEqual(["body: corrupt"]);
    },
  );

  it("hides nothing of attachments, members of archives, pages and header fields", async () => {
    const text = marked(LITTLE, ` ${CARD}`);
    const page = marked(BIG, `<html><body>${CARD} </body></html>`);
    const found = await read(
      mail(
        [`Subject: =?utf-8?b?${text.toString("base64")}?=`],
        [
          attachment("a.txt", text),
          attachment("a.html", page),
          attachment("a.zip", zip([{ name: "b.txt", content: text }])),
        ],
      ),
    );
    for (const path of ["subject", "attachment:a.txt", "attachment:a.html", "attachment:a.zip!b.txt"]) {
      expect(textAt(found, path)).toContain(CARD);
    }
    for (const path of ["a.txt", "a.html", "a.zip!b.txt"])
      expect(problems(found)).toContain(`attachment:${path}: corrupt`);
  });
});

describe("UTF-16", () => {
  it.each(["utf-16le", "utf-16be"])(
    "without a mark (%s) is read whatever was declared, with a doubt",
    async (charset) => {
      const body = iconv.encode(CARD, charset);
      const found = await read(plain("utf-8", body));
      expect(textAt(found, "body")).toContain(CARD);
      expect(problems(found)).toEqual(["body: corrupt"]);
    },
  );

  it("with its mark is read without a doubt when nothing, us-ascii or UTF-16 was declared", async () => {
    const texts = fc.constantFrom(CARD, "Grüße aus Köln 4111", "社外秘の資料です。四一一一", "Секретный план компании");
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom("utf-16le", "utf-16be"), async (text, charset) => {
        const body = iconv.encode(text, charset, { addBOM: true });
        for (const declared of ["us-ascii", "utf-16", charset, null]) {
          const found = await read(plain(declared, body));
          expect(textAt(found, "body")).toBe(text);
          expect(found.problems).toEqual([]);
        }
      }),
    );
  });

  it("that is declared and not there does not hide text of single bytes", async () => {
    const found = await read(plain("utf-16", Buffer.from(CARD)));
    expect(textAt(found, "body")).toContain(CARD);
    expect(problems(found)).toEqual(["body: corrupt"]);
  });
});

describe("a charset that nobody knows", () => {
  it("is a problem of its part, of ASCII too", async () => {
    const found = await read(plain("x-nope", Buffer.from(CARD)));
    expect(textAt(found, "body")).toBe(CARD);
    expect(problems(found)).toEqual(["body: corrupt"]);
  });

  it("is a problem of an attachment", async () => {
    const part = { headers: ['Content-Type: text/plain; charset=x-nope; name="a.txt"'], body: CARD };
    const found = await read(mail(["Subject: s"], [part]));
    expect(textAt(found, "attachment:a.txt")).toBe(CARD);
    expect(problems(found)).toEqual(["attachment:a.txt: corrupt"]);
  });
});
