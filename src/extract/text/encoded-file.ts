import { takeEnclosures } from "../mime/enclosures.ts";
import type { Reading } from "../reading.ts";
import { decodeBytes } from "./charset.ts";

/** Text files that hold other files, uuencoded or in yEnc. */
export async function readEncodedFile(reading: Reading): Promise<void> {
  const { rest, members } = takeEnclosures(reading, reading.file.bytes);
  const { text, other } = decodeBytes(rest, null);
  if (other !== undefined) reading.text(other);
  if (text.trim() !== "") reading.text(text);
  for (const member of members) await reading.member(member);
}
