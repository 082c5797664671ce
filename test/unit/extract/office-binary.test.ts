import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { pdf } from "../../support/documents.ts";
import { problems, read, textAt } from "../../support/documents-reading.ts";
import { biff, compoundFile, emf, record } from "./build/compound-file.ts";

const file = (name: string) => ({ name, as: "file" as const });
const hex = (text: string) => Buffer.from(text, "hex");
const wide = (text: string) => Buffer.from(text, "utf16le");

/** A cell in the first column with a number and the second style, which shows a date as people of one country write it. */
function dateCell(value: number): Buffer {
  const cell = Buffer.alloc(14);
  cell.writeUInt16LE(1, 4);
  cell.writeDoubleLE(value, 6);
  return biff(0x0203, cell);
}

const PATTERN = "D/M/YYYY";
const STYLES = [
  biff(0x041e, Buffer.concat([hex("a500"), hex("080000"), Buffer.from(PATTERN)])),
  biff(0x00e0, hex("00000000")),
  biff(0x00e0, hex("0000a500")),
];
const END = biff(0x000a, Buffer.alloc(0));

function xls(...records: readonly Buffer[]): Buffer {
  return compoundFile({ Workbook: Buffer.concat([biff(0x0809, hex("0006050000000000")), ...records, END]) });
}

/** The picture record of a metafile, packed as Office does (MS-ODRAW 2.2.24). */
function emfRecord(content: Buffer): Buffer {
  const header = Buffer.alloc(34);
  header.writeUInt32LE(content.length, 0);
  header[33] = 0xfe;
  return record(0xf01a, Buffer.concat([Buffer.alloc(16), header, deflateSync(content)]), 0x3d4);
}

describe("workbooks to 2003", () => {
  it.each([
    ["1900", hex("0000"), 43363, "20/9/2018"],
    ["1904", hex("0100"), 43363 - 1462, "20/9/2018"],
  ])("give dates of the epoch %s as shown, as stored and as ISO 8601", async (_epoch, mode, stored, shown) => {
    const found = await read(xls(biff(0x0022, mode), ...STYLES, dateCell(stored)), file("a.xls"));
    const text = textAt(found, "attachment:a.xls");
    expect(text.split("\n")).toEqual(expect.arrayContaining([shown, String(stored), "2018-09-20"]));
    expect(found.problems).toEqual([]);
  });

  it("give the authors of comments and the commands of DDE links", async () => {
    const note = biff(0x001c, Buffer.concat([Buffer.alloc(8), hex("070000"), Buffer.from("Ann Lee"), hex("00")]));
    const link = biff(0x01ae, Buffer.concat([hex("0000"), hex("090000"), Buffer.from("cmd\x03/c ls")]));
    const text = textAt(await read(xls(note, link), file("a.xls")), "attachment:a.xls");
    expect(text).toContain("Ann Lee");
    expect(text).toContain("cmd|/c ls");
  });

  it("give the texts of drawn pictures, joined to words and lines", async () => {
    const picture = emfRecord(emf([0, 5, "4111 "], [50, 5, "1111"], [0, 20, "next"], [70, 20, "word"]));
    const group = record(0xf000, picture, 0, 15);
    const found = await read(xls(biff(0x00eb, group.subarray(0, 40)), biff(0x00eb, group.subarray(40))), file("a.xls"));
    expect(textAt(found, "attachment:a.xls!picture1.emf")).toBe("4111 1111\nnext word");
    expect(found.problems).toEqual([]);
  });

  it("say when a picture cannot be unpacked", async () => {
    const broken = record(0xf01a, Buffer.concat([Buffer.alloc(50), Buffer.from("no zlib")]), 0x3d4);
    const found = await read(xls(biff(0x00eb, broken)), file("a.xls"));
    expect(problems(found)).toContain("attachment:a.xls!picture1.emf: corrupt");
  });

  it("give embedded documents under the name of their storage", async () => {
    const workbook = Buffer.concat([biff(0x0809, hex("0006050000000000")), END]);
    const bytes = compoundFile({ Workbook: workbook, MBD01: { CONTENTS: pdf("inside of a sheet") } });
    const found = await read(bytes, file("a.xls"));
    expect(textAt(found, "attachment:a.xls!MBD01.pdf")).toContain("inside of a sheet");
  });
});

describe("presentations to 2003", () => {
  it("give comments with author and initials", async () => {
    const strings = [
      record(0x0fba, wide("Lee, Ann"), 0),
      record(0x0fba, wide("card 4111"), 1),
      record(0x0fba, wide("AL"), 2),
    ];
    const comment = record(0x2ee0, Buffer.concat(strings), 0, 15);
    const tag = record(0x138b, comment);
    const found = await read(compoundFile({ "PowerPoint Document": record(0x1388, tag, 0, 15) }), file("a.ppt"));
    expect(textAt(found, "attachment:a.ppt")).toBe("Lee, Ann (AL)\ncard 4111");
    expect(found.problems).toEqual([]);
  });
});
