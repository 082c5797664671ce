import { readableStrings } from "../office/strings.ts";
import type { Reading } from "../reading.ts";

const MARKER = 0xff;
const COMMENT = 0xfe;
/** Application segments: Exif and XMP are in the second, IPTC in the fourteenth. The first (JFIF) holds no text. */
const FIRST_APPLICATION = 0xe1;
const LAST_APPLICATION = 0xef;
const COLOUR_PROFILE = 0xe2;
const START_OF_SCAN = 0xda;

/** Comments of a JPEG and the strings of its application segments (ITU-T T.81, B.1): Exif, XMP, IPTC. */
export function jpegTexts(reading: Reading): readonly string[] {
  const { bytes } = reading.file;
  const texts: string[] = [];
  let position = 2;
  while (position + 4 <= bytes.length && bytes[position] === MARKER) {
    reading.budget.checkTime();
    const kind = bytes[position + 1] ?? 0;
    if (kind === MARKER) {
      position += 1;
      continue;
    }
    if (kind === START_OF_SCAN) break;
    const length = bytes.readUInt16BE(position + 2);
    const data = bytes.subarray(position + 4, position + 2 + length);
    if (kind === COMMENT) texts.push(data.toString("utf8"));
    else if (kind >= FIRST_APPLICATION && kind <= LAST_APPLICATION && kind !== COLOUR_PROFILE) {
      texts.push(readableStrings(data));
    }
    position += 2 + Math.max(2, length);
  }
  return texts;
}
