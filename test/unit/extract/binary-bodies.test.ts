import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { docx, mail, paragraph, pdf } from "../../support/documents.ts";
import { problems, read, textAt } from "../../support/documents-reading.ts";

const CARD = "card 4111 1111 1111 1111";
const body = (content: string | Uint8Array, type = "text/plain") =>
  Buffer.concat([
    Buffer.from(`Subject: s\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n`),
    Buffer.from(content as string),
  ]);

/** Starts of files of many kinds, and bytes that no text has. */
const STARTS = [
  "\0",
  "PK\x03\x04",
  "PK\x05\x06",
  "\x89PNG\r\n\x1a\n",
  "\x1f\x8b\x08",
  "7z\xbc\xaf\x27\x1c",
  "GIF8",
  "\x01\x02\x03\x04",
];

describe("a text body that looks like data", () => {
  it.each(STARTS)("stays the body when it begins with %j", async (start) => {
    for (const type of ["text/plain", "text/plain; charset=utf-8", "text/html", "text/x-unknown"]) {
      const found = await read(body(Buffer.from(`${start} ${CARD}`, "latin1"), type));
      expect(textAt(found, "body")).toContain(CARD);
      if (start !== "GIF8") expect(problems(found)).toContain("body: corrupt");
    }
  });

  it("stays the body of a multipart", async () => {
    const found = await read(
      mail(["Subject: s"], [{ headers: ["Content-Type: text/plain"], body: `PK\x03\x04\0\0${CARD}` }]),
    );
    expect(textAt(found, "body")).toContain(CARD);
    expect(problems(found)).toContain("body: corrupt");
  });

  it.each([["document", docx(paragraph(CARD))] as const, ["PDF", pdf(CARD)] as const])(
    "and is a %s is read as that too",
    async (_kind, bytes) => {
      const found = await read(body(bytes));
      expect(found.parts.some(({ text }) => text.includes(CARD))).toBe(true);
    },
  );

  it("keeps its text, whatever bytes stand before it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 12 }), async (start) => {
        const bytes = Buffer.concat([Buffer.from([0]), start, Buffer.from(`\r\n${CARD}\r\n`)]);
        const found = await read(body(bytes, "text/plain; charset=iso-8859-1"));
        expect(found.parts.some(({ path, text }) => path === "body" && text.includes(CARD))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
