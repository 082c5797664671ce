import { crc32, deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hidesInPictureFilter } from "../../../src/extract/pdf/pdf-filters.ts";
import { problems, read } from "../../support/documents-reading.ts";

const CARD = "4111 1111 1111 1111";

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const whole = Buffer.alloc(named.length + 8);
  whole.writeUInt32BE(data.length, 0);
  named.copy(whole, 4);
  whole.writeUInt32BE(crc32(named), named.length + 4);
  return whole;
}

function png(chunks: readonly Buffer[], behind = Buffer.alloc(0)): Buffer {
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0]);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    ...chunks,
    chunk("IDAT", deflateSync(Buffer.from([0, 0]))),
    chunk("IEND", Buffer.alloc(0)),
    behind,
  ]);
}

function jpeg(marker: number, data: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(data.length + 2);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8, 0xff, marker]),
    length,
    data,
    Buffer.from([0xff, 0xda, 0, 2, 0xff, 0xd9]),
  ]);
}

const allText = async (bytes: Buffer, name: string) =>
  (await read(bytes, { name, as: "file" })).parts.map((part) => part.text).join("\n");

describe("text beside a picture", () => {
  it.each([
    ["tEXt", png([chunk("tEXt", Buffer.from(`Comment\0${CARD}`))])],
    ["zTXt", png([chunk("zTXt", Buffer.concat([Buffer.from("Comment\0\0"), deflateSync(CARD)]))])],
    ["iTXt", png([chunk("iTXt", Buffer.from(`Comment\0\0\0de\0Anmerkung\0${CARD} für Köln`))])],
    [
      "packed iTXt",
      png([chunk("iTXt", Buffer.concat([Buffer.from("Comment\0\x01\0\0\0"), deflateSync(`${CARD} für Köln`)]))]),
    ],
    ["eXIf", png([chunk("eXIf", Buffer.from(`MM\0*\0\0${CARD}\0`))])],
    ["what stands behind the end", png([], Buffer.from(`\n${CARD}\n`))],
    ["a JPEG comment", jpeg(0xfe, Buffer.from(CARD))],
    ["Exif or XMP", jpeg(0xe1, Buffer.from(`Exif\0\0MM\0*${CARD}\0`))],
    ["IPTC", jpeg(0xed, Buffer.from(`Photoshop 3.0\0${CARD}\0`))],
  ])("is read: %s", async (_, bytes) => {
    expect(await allText(bytes, bytes[0] === 0xff ? "a.jpg" : "a.png")).toContain(CARD);
  });

  it("that unpacks to more than allowed, or to nothing, is a problem", async () => {
    const bomb = chunk("zTXt", Buffer.concat([Buffer.from("Comment\0\0"), deflateSync(Buffer.alloc(50_000_000))]));
    const torn = chunk("zTXt", Buffer.from("Comment\0\0nothing packed"));
    const input = { name: "a.png", as: "file" } as const;
    expect(problems(await read(png([bomb]), input))).toContain("attachment:a.png: too-large");
    expect(problems(await read(png([torn]), input))).toContain("attachment:a.png: corrupt");
  });

  it("is looked for in any bytes without an exception", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(0, 1), fc.uint8Array({ maxLength: 200 }), async (kind, tail) => {
        const start = kind === 0 ? png([]).subarray(0, 33) : Buffer.from([0xff, 0xd8, 0xff]);
        const found = await read(Buffer.concat([start, tail]), { name: "a.png", as: "file" });
        expect(found.problems.map(({ detail }) => detail)).not.toContain("its structure is damaged");
      }),
      { numRuns: 100 },
    );
  });
});

describe("a filter for pictures in a PDF", () => {
  const stream = (dictionary: string) => Buffer.from(`%PDF-1.4\n5 0 obj\n<< ${dictionary} >>\nstream\nxx\nendstream\n`);
  it.each(["JBIG2Decode", "DCTDecode", "JPXDecode", "CCITTFaxDecode"])("around no picture is told: %s", (filter) => {
    expect(hidesInPictureFilter(stream(`/Length 2 /Filter /${filter}`))).toBe(true);
    expect(hidesInPictureFilter(stream(`/Length 2 /Filter [/FlateDecode /${filter}]`))).toBe(true);
    expect(hidesInPictureFilter(stream(`/Subtype /Image /Width 3 /Height 3 /Filter /${filter}`))).toBe(false);
    expect(hidesInPictureFilter(Buffer.from(`5 0 obj\n<< /Filters [/${filter}] >>\nendobj\n`))).toBe(false);
  });
});
