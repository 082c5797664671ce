import type { Reading } from "../reading.ts";
import type { RawField } from "./header-block.ts";

/** Gmail writes a file that stays in Drive into the page of the message as a box of this class, with a link. */
const DRIVE_FILE = /\sclass\s*=\s*["'][^"']*\bgmail_drive_chip\b/i;

/** Gmail's confidential mode: recipients get a link and read the message at Google. */
const CONFIDENTIAL_FIELD = "x-gm-locker";

/** Notes a message whose own text is not in it. */
export function noteConfidentialMode(reading: Reading, fields: readonly RawField[]): void {
  if (fields.some(({ name }) => name === CONFIDENTIAL_FIELD)) {
    reading.problem("unreachable", "Gmail's confidential mode keeps the content at Google", "body");
  }
}

/** Notes files that an HTML text offers from Google Drive instead of bringing them along. */
export function noteDriveFiles(reading: Reading, mediaType: string, bytes: Buffer): void {
  if (mediaType !== "text/html" || !bytes.includes("gmail_drive_chip")) return;
  if (DRIVE_FILE.test(bytes.toString("latin1"))) {
    reading.problem("unreachable", "a file is kept in Google Drive", "body");
  }
}
