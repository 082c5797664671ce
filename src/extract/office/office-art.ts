import { packedBitmapFile } from "../image/dib.ts";
import { metafileFile } from "../image/wmf.ts";
import type { Reading } from "../reading.ts";
import { inflateWithin } from "./inflate-within.ts";

interface PictureKind {
  readonly ending: string;
  /** Values of the instance field; one more when the picture has two identifiers. */
  readonly instances: readonly number[];
  readonly metafile: boolean;
}

const JPEG: PictureKind = { ending: "jpg", instances: [0x46a, 0x6e2], metafile: false };
/** Picture records (MS-ODRAW 2.2.23) by type. */
const KINDS: ReadonlyMap<number, PictureKind> = new Map([
  [0xf01a, { ending: "emf", instances: [0x3d4], metafile: true }],
  [0xf01b, { ending: "wmf", instances: [0x216], metafile: true }],
  [0xf01c, { ending: "pict", instances: [0x542], metafile: true }],
  [0xf01d, JPEG],
  [0xf01e, { ending: "png", instances: [0x6e0], metafile: false }],
  [0xf01f, { ending: "bmp", instances: [0x7a8], metafile: false }],
  [0xf029, { ending: "tiff", instances: [0x6e4], metafile: false }],
  [0xf02a, JPEG],
]);
const HEADER = 8;
/** Sizes of an identifier, of the header of metafiles, and of the mark before bitmaps. Bytes. */
const IDENTIFIER = 16;
const METAFILE_HEADER = 34;
const BITMAP_MARK = 1;

interface Picture {
  readonly kind: PictureKind;
  readonly content: Buffer;
  readonly end: number;
}

/**
 * Reads the pictures of a Word, Excel or PowerPoint document (to 2003) as files of their own. They are looked for by the
 * headers of their records, because each program keeps them among other data of its own.
 */
export async function readArtPictures(reading: Reading, streams: readonly Buffer[]): Promise<void> {
  let count = 0;
  for (const bytes of streams) {
    // The type's second byte, at the fourth place of a record.
    for (let mark = bytes.indexOf(0xf0, 3); mark !== -1; ) {
      reading.budget.checkTime();
      const picture = pictureAt(bytes, mark - 3);
      if (picture !== null) {
        count += 1;
        const { kind, content } = picture;
        await reading.member({ name: `picture${count}.${kind.ending}`, open: () => fileOf(reading, kind, content) });
      }
      mark = bytes.indexOf(0xf0, picture === null ? mark + 1 : picture.end + 3);
    }
  }
}

function pictureAt(bytes: Buffer, at: number): Picture | null {
  const kind = at + HEADER <= bytes.length ? KINDS.get(bytes.readUInt16LE(at + 2)) : undefined;
  if (kind === undefined) return null;
  const field = bytes.readUInt16LE(at);
  const instance = field >>> 4;
  if ((field & 0x0f) !== 0 || !kind.instances.includes(instance & ~1)) return null;
  const end = at + HEADER + bytes.readUInt32LE(at + 4);
  const identifiers = IDENTIFIER * (1 + (instance & 1));
  const start = at + HEADER + identifiers;
  if (end > bytes.length || start >= end) return null;
  return { kind, content: bytes.subarray(start, end), end };
}

function fileOf(reading: Reading, kind: PictureKind, content: Buffer): Buffer {
  if (!kind.metafile) {
    const bitmap = content.subarray(BITMAP_MARK);
    return kind.ending === "bmp" ? (packedBitmapFile(bitmap) ?? bitmap) : bitmap;
  }
  const data = content.subarray(METAFILE_HEADER);
  const clear = content[METAFILE_HEADER - 2] === 0 ? inflateWithin(reading, data) : data;
  return kind.ending === "wmf" ? metafileFile(clear) : clear;
}
