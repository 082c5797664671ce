import type { Reading } from "../reading.ts";
import { decodeBytes } from "../text/charset.ts";
import { Unreadable } from "../unreadable.ts";
import { packedBitmapFile, readBitmaps } from "./dib.ts";
import { type DrawnText, joinDrawnText } from "./drawn-text.ts";

/** The header that makes a metafile a file of its own (MS-WMF 2.3.2.3), and the header of all metafiles. Bytes. */
const PLACEABLE = 22;
const HEADER = 18;
/** Record types (MS-WMF 2.1.1.1). */
const TEXT = 0x0521;
const EXTENDED_TEXT = 0x0a32;
/** Records with a bitmap, and where it starts in them. */
const BITMAPS: ReadonlyMap<number, number> = new Map([
  [0x0940, 22],
  [0x0b41, 26],
  [0x0d33, 24],
  [0x0f43, 28],
]);
const HAS_RECTANGLE = 0x0006;

/** A metafile without its own header, as Office keeps it, as a file. */
export function metafileFile(content: Buffer): Buffer {
  const header = Buffer.alloc(PLACEABLE);
  header.writeUInt32LE(0x9ac6cdd7, 0);
  return Buffer.concat([header, content]);
}

/** Windows metafiles: texts and bitmaps. */
export async function readWmf(reading: Reading): Promise<void> {
  const { bytes } = reading.file;
  const texts: DrawnText[] = [];
  const bitmaps: Buffer[] = [];
  for (let at = PLACEABLE + HEADER; at + 6 <= bytes.length; ) {
    reading.budget.checkTime();
    const size = bytes.readUInt32LE(at) * 2;
    const type = bytes.readUInt16LE(at + 4);
    if (size < 6 || at + size > bytes.length) throw new Unreadable("corrupt", "a record of the drawing breaks off");
    const record = bytes.subarray(at, at + size);
    const bitmapAt = BITMAPS.get(type);
    if (bitmapAt !== undefined) {
      const file = packedBitmapFile(record.subarray(bitmapAt));
      if (file !== null) bitmaps.push(file);
    } else if (type === TEXT && size >= 12) texts.push(plainText(record));
    else if (type === EXTENDED_TEXT && size >= 14) texts.push(extendedText(record));
    if (type === 0) break;
    at += size;
  }
  const text = joinDrawnText(texts);
  if (text !== "") reading.text(text);
  await readBitmaps(reading, bitmaps);
}

/** Length, characters padded to whole words, then the point (2.3.3.20). */
function plainText(record: Buffer): DrawnText {
  const count = record.readUInt16LE(6);
  const point = 8 + count + (count % 2);
  const hasPoint = point + 4 <= record.length;
  return {
    x: hasPoint ? record.readInt16LE(point + 2) : 0,
    y: hasPoint ? record.readInt16LE(point) : 0,
    text: characters(record, 8, count),
    advance: null,
  };
}

/** Point, length, options, perhaps a rectangle, characters, perhaps their widths (2.3.3.5). */
function extendedText(record: Buffer): DrawnText {
  const count = record.readUInt16LE(10);
  const start = (record.readUInt16LE(12) & HAS_RECTANGLE) !== 0 ? 22 : 14;
  const widths = start + count + (count % 2);
  let advance: number | null = null;
  if (count > 0 && widths + count * 2 <= record.length) {
    advance = 0;
    for (let index = 0; index < count; index += 1) advance += record.readInt16LE(widths + index * 2);
  }
  return { x: record.readInt16LE(8), y: record.readInt16LE(6), text: characters(record, start, count), advance };
}

function characters(record: Buffer, start: number, count: number): string {
  return decodeBytes(record.subarray(start, start + count), "windows-1252").text;
}
