import { takeEnclosures } from "../mime/enclosures.ts";
import type { Reading } from "../reading.ts";
import { decodeBytes } from "./charset.ts";

/** Text files that hold other files, uuencoded or in yEnc. The bytes of yEnc are 8-bit: one character a byte. */
export async function readEncodedFile(reading: Reading): Promise<void> {
  const { text, members } = takeEnclosures(reading.file.bytes.toString("latin1"));
  const { text: rest, other } = decodeBytes(Buffer.from(text, "latin1"), null);
  if (other !== undefined) reading.text(other);
  if (rest.trim() !== "") reading.text(rest);
  for (const member of members) await reading.member(member);
}
