import type { Reading } from "../reading.ts";
import { tableText } from "../text/delimited.ts";
import { Unreadable } from "../unreadable.ts";
import { builtInFormat, formatNumber, isoDate } from "./number-format.ts";
import { BIFF, type BiffRecord, readRecords } from "./xls-records.ts";
import { createRows, type SheetRows } from "./xls-rows.ts";
import { PieceReader } from "./xls-strings.ts";

/** Excel 97 to 2003 (MS-XLS), and 5/95 as far as its records are alike: all sheets, also hidden ones, notes, text boxes. */
export function readExcelBinary(reading: Reading, bytes: Buffer): void {
  const workbook = {
    strings: [] as string[],
    formats: new Map<number, string>(),
    styles: [] as number[],
    date1904: false,
  };
  const names: string[] = [];
  const other: string[] = [];
  const dates = new Set<string>();
  let rows: SheetRows = createRows();
  let pendingFormula: { readonly row: number; readonly column: number } | null = null;
  let records = 0;

  const flush = () => {
    const sheet = rows.finish();
    if (sheet.shown.length > 0) reading.text(tableText(sheet.shown), { layout: "table" });
    if (sheet.differs) reading.text(tableText(sheet.stored), { layout: "table" });
    rows = createRows();
  };
  const number = (row: number, column: number, style: number, value: number) => {
    const id = workbook.styles[style] ?? 0;
    const raw = String(value);
    const pattern = workbook.formats.get(id) ?? builtInFormat(id);
    rows.put(row, column, formatNumber(raw, pattern, workbook.date1904) ?? raw, raw);
    const date = isoDate(raw, pattern, workbook.date1904);
    if (date !== null) dates.add(date);
  };

  for (const record of readRecords(bytes, reading.budget)) {
    records += 1;
    const content = record.pieces[0] ?? Buffer.alloc(0);
    switch (record.type) {
      case BIFF.filePass:
        throw new Unreadable("encrypted", "the workbook needs a password");
      case BIFF.eof:
        flush();
        break;
      case BIFF.boundSheet:
        names.push(shortString(content, 6));
        break;
      case BIFF.sst:
        workbook.strings = sharedStrings(record);
        break;
      case BIFF.format:
        if (content.length > 5) workbook.formats.set(content.readUInt16LE(0), longString(content, 2));
        break;
      case BIFF.xf:
        if (content.length >= 4) workbook.styles.push(content.readUInt16LE(2));
        break;
      case BIFF.date1904:
        workbook.date1904 = content[0] === 1;
        break;
      case BIFF.header:
      case BIFF.footer:
        if (content.length > 3) other.push(longString(content, 0));
        break;
      case BIFF.txo:
        if (record.pieces[1] !== undefined) other.push(new PieceReader([record.pieces[1]]).characters(32_767, false));
        if (record.pieces[1] !== undefined && (record.pieces[1][0] ?? 0) === 1) {
          other[other.length - 1] = record.pieces[1].subarray(1).toString("utf16le");
        }
        break;
      case BIFF.note:
        other.push(noteText(content));
        break;
      case BIFF.supBook:
        other.push(linkedBook(content));
        break;
      case BIFF.hyperlink:
        other.push(content.toString("utf16le", 32).replace(/[^\x20-\x7e\u00a0-\uffff]+/g, " "));
        break;
      default:
        pendingFormula = readCell(record, content, { rows, workbook, number, pendingFormula });
    }
  }
  flush();
  const text = [...names, ...dates, ...other.map((line) => line.replace(/^\0/, "").trim())]
    .filter((line) => line !== "")
    .join("\n");
  if (text !== "") reading.text(text);
  if (records === 0) throw new Unreadable("corrupt", "the workbook has no records");
}

/** Who wrote a comment (2.4.179); before Excel 97 its text, whose length stands where its flags do now. */
function noteText(content: Buffer): string {
  if (content.length < 8) return "";
  return content.length === 6 + content.readUInt16LE(4) ? content.toString("latin1", 6) : longString(content, 8);
}

/** Another workbook or program that formulas refer to (2.4.271); a command of DDE as `service|topic`. */
function linkedBook(content: Buffer): string {
  const path = content.length > 5 ? longString(content, 2) : "";
  return path.replaceAll("\x03", "|").replace(/\p{Cc}+/gu, " ");
}

interface CellContext {
  readonly rows: SheetRows;
  readonly workbook: { readonly strings: readonly string[] };
  readonly number: (row: number, column: number, style: number, value: number) => void;
  readonly pendingFormula: { readonly row: number; readonly column: number } | null;
}

/** Cells with their values; a formula's text result stands in the record behind it. */
function readCell(record: BiffRecord, content: Buffer, context: CellContext): CellContext["pendingFormula"] {
  if (record.type === BIFF.string) {
    if (context.pendingFormula !== null && content.length >= 3) {
      const text = longString(content, 0);
      context.rows.put(context.pendingFormula.row, context.pendingFormula.column, text, text);
    }
    return null;
  }
  if (content.length < 6) return context.pendingFormula;
  const row = content.readUInt16LE(0);
  const column = content.readUInt16LE(2);
  const style = content.readUInt16LE(4);
  if (record.type === BIFF.labelSst && content.length >= 10) {
    const text = context.workbook.strings[content.readUInt32LE(6)] ?? "";
    context.rows.put(row, column, text, text);
  } else if ((record.type === BIFF.label || record.type === BIFF.rString) && content.length >= 9) {
    const text = longString(content, 6);
    context.rows.put(row, column, text, text);
  } else if (record.type === BIFF.number && content.length >= 14) {
    context.number(row, column, style, content.readDoubleLE(6));
  } else if (record.type === BIFF.rk && content.length >= 10) {
    context.number(row, column, style, rkNumber(content.readUInt32LE(6)));
  } else if (record.type === BIFF.mulRk) {
    for (let at = 4, index = 0; at + 6 <= content.length - 2; at += 6, index += 1) {
      context.number(row, column + index, content.readUInt16LE(at), rkNumber(content.readUInt32LE(at + 2)));
    }
  } else if (record.type === BIFF.formula && content.length >= 14) {
    if (content.readUInt16LE(12) !== 0xffff) context.number(row, column, style, content.readDoubleLE(6));
    else if (content[6] === 0) return { row, column };
  }
  return null;
}

/** A number in 30 bits (2.5.217): an integer or the upper half of a double, perhaps times 100. */
export function rkNumber(raw: number): number {
  let value: number;
  if ((raw & 2) !== 0) value = (raw | 0) >> 2;
  else {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32LE((raw & 0xfffffffc) >>> 0, 4);
    value = bytes.readDoubleLE(0);
  }
  return (raw & 1) !== 0 ? value / 100 : value;
}

function sharedStrings(record: BiffRecord): string[] {
  const reader = new PieceReader(record.pieces);
  reader.u32();
  const count = reader.u32();
  const strings: string[] = [];
  while (strings.length < count && !reader.done) strings.push(reader.richString());
  return strings;
}

/** ShortXLUnicodeString: one byte of length. Before Excel 97 there is no byte of flags. */
function shortString(content: Buffer, at: number): string {
  const reader = new PieceReader([content.subarray(at)]);
  const count = reader.u8();
  if (content.length === at + 1 + count) return reader.characters(count, false);
  const wide = (reader.u8() & 1) === 1;
  return reader.characters(count, wide);
}

/** XLUnicodeString: two bytes of length; in Excel 5/95 characters follow at once. */
function longString(content: Buffer, at: number): string {
  if (content.length < at + 2) return "";
  const count = content.readUInt16LE(at);
  if (content.length === at + 2 + count) return content.toString("latin1", at + 2);
  return new PieceReader([content.subarray(at)]).richString();
}
