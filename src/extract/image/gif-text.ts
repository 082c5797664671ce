import { readableStrings } from "../office/strings.ts";
import type { Reading } from "../reading.ts";
import { decodeBytes } from "../text/charset.ts";

/** Block introducers and labels of GIF89a (sections 20 to 27). */
const EXTENSION = 0x21;
const IMAGE = 0x2c;
const PLAIN_TEXT = 0x01;
const COMMENT = 0xfe;
const APPLICATION = 0xff;

/** Comments, texts and application data (XMP) of a GIF. */
export function gifTexts(reading: Reading): readonly string[] {
  const { bytes } = reading.file;
  const texts: string[] = [];
  let position = 13 + colourTable(bytes[10] ?? 0);
  while (position + 2 < bytes.length) {
    reading.budget.checkTime();
    const kind = bytes[position];
    if (kind === EXTENSION) {
      const label = bytes[position + 1];
      const data = dataBlocks(bytes, position + 2);
      if (label === COMMENT) texts.push(decodeBytes(Buffer.concat(data.blocks), null).text);
      // The first block of a text says where it stands.
      else if (label === PLAIN_TEXT) texts.push(decodeBytes(Buffer.concat(data.blocks.slice(1)), null).text);
      else if (label === APPLICATION) texts.push(applicationText(bytes.subarray(position + 2, data.end)));
      position = data.end;
    } else if (kind === IMAGE) {
      position = dataBlocks(bytes, position + 11 + colourTable(bytes[position + 9] ?? 0)).end;
    } else break;
  }
  return texts;
}

/** Size in bytes of the colour table that a field of flags announces. */
function colourTable(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}

/** Blocks of up to 255 bytes, each after its length; an empty one ends them. */
function dataBlocks(bytes: Buffer, start: number): { readonly blocks: readonly Buffer[]; readonly end: number } {
  const blocks: Buffer[] = [];
  let at = start;
  while (at < bytes.length) {
    const size = bytes[at] ?? 0;
    at += 1;
    if (size === 0) break;
    blocks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return { blocks, end: at };
}

/** XMP stands as it is, without lengths (XMP Part 3, 1.1.2); other programs keep counts and profiles here. */
function applicationText(extension: Buffer): string {
  return extension.toString("latin1", 1, 12) === "XMP DataXMP" ? readableStrings(extension.subarray(12)) : "";
}
