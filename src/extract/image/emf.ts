import type { Reading } from "../reading.ts";
import { Unreadable } from "../unreadable.ts";
import { bitmapFile, readBitmaps } from "./dib.ts";
import { type DrawnText, joinDrawnText } from "./drawn-text.ts";

/** Record types (MS-EMF 2.1.1). */
const COMMENT = 70;
const TEXT_8BIT = 83;
const TEXT_WIDE = 84;
const SMALL_TEXT = 108;
/** Records with a bitmap, and where in them its offsets stand. */
const BITMAPS: ReadonlyMap<number, number> = new Map([
  [80, 48],
  [81, 48],
  [76, 84],
  [77, 84],
  [114, 84],
  [116, 84],
]);
const GLYPH_INDEX = 0x10;
const NO_RECTANGLE = 0x100;
const SMALL_CHARACTERS = 0x200;

/** Enhanced metafiles, the previews and drawings of Office: texts, bitmaps, and documents that comments hold. */
export async function readEmf(reading: Reading): Promise<void> {
  const { bytes } = reading.file;
  const texts: DrawnText[] = [];
  const bitmaps: Buffer[] = [];
  const documents: Buffer[] = [];
  let unread = false;
  for (let at = 0; at + 8 <= bytes.length; ) {
    reading.budget.checkTime();
    const type = bytes.readUInt32LE(at);
    const size = bytes.readUInt32LE(at + 4);
    if (size < 8 || at + size > bytes.length) throw new Unreadable("corrupt", "a record of the drawing breaks off");
    const record = bytes.subarray(at, at + size);
    const bitmapFields = BITMAPS.get(type);
    if (bitmapFields !== undefined) bitmaps.push(...bitmapOf(record, bitmapFields));
    else if (type === COMMENT) {
      const pdf = record.indexOf("%PDF-");
      if (pdf !== -1) documents.push(record.subarray(pdf));
      if (isOnlyPlus(record)) unread = true;
    } else {
      const text = textOf(type, record);
      if (text === "glyphs") unread = true;
      else if (text !== null) texts.push(text);
    }
    at += size;
  }
  const text = joinDrawnText(texts);
  if (text !== "") reading.text(text);
  await readBitmaps(reading, bitmaps);
  for (const document of documents) await reading.member({ name: "drawing.pdf", open: () => document });
  if (unread) reading.problem("unsupported", "the drawing holds more than its plain records say");
}

/** `glyphs` for text that is given as numbers of a font's glyphs only. */
function textOf(type: number, record: Buffer): DrawnText | "glyphs" | null {
  if ((type === TEXT_WIDE || type === TEXT_8BIT) && record.length >= 76) {
    if ((record.readUInt32LE(52) & GLYPH_INDEX) !== 0) return "glyphs";
    const count = record.readUInt32LE(44);
    const widths = record.readUInt32LE(72);
    return {
      x: record.readInt32LE(36),
      y: record.readInt32LE(40),
      text: characters(record, record.readUInt32LE(48), count, type === TEXT_WIDE),
      advance: widths === 0 ? null : sumOfWidths(record, widths, count),
    };
  }
  if (type !== SMALL_TEXT || record.length < 36) return null;
  const options = record.readUInt32LE(20);
  if ((options & GLYPH_INDEX) !== 0) return "glyphs";
  const start = (options & NO_RECTANGLE) !== 0 ? 36 : 52;
  const text = characters(record, start, record.readUInt32LE(16), (options & SMALL_CHARACTERS) === 0);
  return { x: record.readInt32LE(8), y: record.readInt32LE(12), text, advance: null };
}

function characters(record: Buffer, start: number, count: number, wide: boolean): string {
  const text = record.toString(wide ? "utf16le" : "latin1", start, start + count * (wide ? 2 : 1));
  return text.replaceAll("\0", "");
}

function sumOfWidths(record: Buffer, start: number, count: number): number | null {
  if (start + count * 4 > record.length) return null;
  let sum = 0;
  for (let index = 0; index < count; index += 1) sum += record.readUInt32LE(start + index * 4);
  return sum;
}

function bitmapOf(record: Buffer, fields: number): Buffer[] {
  if (record.length < fields + 16) return [];
  const [infoAt = 0, infoSize = 0, pixelsAt = 0, pixelsSize = 0] = [0, 4, 8, 12].map((offset) =>
    record.readUInt32LE(fields + offset),
  );
  if (infoSize < 40 || infoAt + infoSize > record.length || pixelsSize === 0) return [];
  return [bitmapFile(record.subarray(infoAt, infoAt + infoSize), record.subarray(pixelsAt, pixelsAt + pixelsSize))];
}

/** Whether a comment begins a drawing in EMF+ that the plain records do not repeat (MS-EMFPLUS 2.3.3.3). */
function isOnlyPlus(record: Buffer): boolean {
  if (record.length < 20 || record.toString("latin1", 12, 16) !== "EMF+") return false;
  return record.readUInt16LE(16) === 0x4001 && (record.readUInt16LE(18) & 1) === 0;
}
