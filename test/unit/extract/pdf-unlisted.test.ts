import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pdf } from "../../support/documents.ts";
import { problems, read, textAt } from "../../support/documents-reading.ts";

const CARD = "card 4111 1111 1111 1111";
const input = { name: "a.pdf", as: "file" } as const;

/** A document behind which a stream stands that its catalogue does not name. */
function withStream(dictionary: string, data: Buffer): Buffer {
  const head = Buffer.from(`9 0 obj\n<< ${dictionary} >>\nstream\n`);
  return Buffer.concat([pdf("a letter"), head, data, Buffer.from("\nendstream\nendobj\n%%EOF\n")]);
}

describe("files embedded in a PDF that its lists do not name", () => {
  const packed = deflateSync(CARD);
  it.each([
    ["as they are", withStream(`/Type /EmbeddedFile /Length ${CARD.length}`, Buffer.from(CARD))],
    ["packed", withStream(`/Filter/FlateDecode/Length ${packed.length}/Type/EmbeddedFile`, packed)],
    ["with a length that lies", withStream("/Type /EmbeddedFile /Filter [/FlateDecode] /Length 1", packed)],
    ["with a length kept elsewhere", withStream("/Type /EmbeddedFile /Length 7 0 R", Buffer.from(CARD))],
  ])("are read: %s", async (_, bytes) => {
    const found = await read(bytes, input);
    expect(textAt(found, "attachment:a.pdf")).toContain("a letter");
    expect(textAt(found, "attachment:a.pdf!embedded-9")).toContain(CARD);
    expect(found.problems).toEqual([]);
  });

  it("are a problem when they cannot be unpacked", async () => {
    const bytes = withStream("/Type /EmbeddedFile /Filter /LZWDecode /Length 5", Buffer.from("hello"));
    expect(problems(await read(bytes, input))).toEqual(["attachment:a.pdf: unsupported"]);
  });

  it("are looked for in any bytes without an exception", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary-ascii", maxLength: 80 }), async (dictionary) => {
        const found = await read(withStream(`/Type /EmbeddedFile ${dictionary}`, Buffer.from(CARD)), input);
        expect(textAt(found, "attachment:a.pdf")).toContain("a letter");
        expect(found.problems.map(({ detail }) => detail)).not.toContain("its structure is damaged");
      }),
      { numRuns: 40 },
    );
  });
});
