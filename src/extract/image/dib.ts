import type { Reading } from "../reading.ts";
import { isTiny } from "./tiny.ts";

/** Size of the header that makes a device-independent bitmap a file (BITMAPFILEHEADER). Bytes. */
const FILE_HEADER = 14;
const BITFIELDS = 3;

/** A bitmap as it stands in memory and in metafiles (BITMAPINFO with its pixels) as a BMP file. */
export function bitmapFile(info: Buffer, pixels: Buffer): Buffer {
  const header = Buffer.alloc(FILE_HEADER);
  header.write("BM", "latin1");
  header.writeUInt32LE(FILE_HEADER + info.length + pixels.length, 2);
  header.writeUInt32LE(FILE_HEADER + info.length, 10);
  return Buffer.concat([header, info, pixels]);
}

/** The same for a bitmap whose pixels follow its colours at once; null when it is too short for one. */
export function packedBitmapFile(dib: Buffer): Buffer | null {
  if (dib.length < 40) return null;
  const headerSize = dib.readUInt32LE(0);
  if (headerSize < 40 || headerSize > dib.length) return null;
  const depth = dib.readUInt16LE(14);
  const masks = headerSize === 40 && dib.readUInt32LE(16) === BITFIELDS ? 12 : 0;
  const colours = dib.readUInt32LE(32) || (depth <= 8 ? 2 ** depth : 0);
  const start = headerSize + masks + colours * 4;
  return start >= dib.length ? null : bitmapFile(dib.subarray(0, start), dib.subarray(start));
}

/** Reads the bitmaps of a drawing as files of their own; icons hold no text. */
export async function readBitmaps(reading: Reading, bitmaps: readonly Buffer[]): Promise<void> {
  const large = bitmaps.filter((file) => !isTiny(sizeOf(file)));
  for (const [index, file] of large.entries()) {
    await reading.member({ name: `picture${index + 1}.bmp`, declaredType: "image/bmp", open: () => file });
  }
}

/** BMP files of this module have a header of 40 bytes or more, with the size in it. */
function sizeOf(file: Buffer): { readonly width: number; readonly height: number } {
  return { width: Math.abs(file.readInt32LE(FILE_HEADER + 4)), height: Math.abs(file.readInt32LE(FILE_HEADER + 8)) };
}
