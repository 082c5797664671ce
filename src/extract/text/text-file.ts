import type { Reading } from "../reading.ts";
import { decodeBytes } from "./charset.ts";
import { findSeparator, parseDelimited, tableText } from "./delimited.ts";
import { jsonToText } from "./json.ts";
import { limitedText } from "./limited.ts";
import { unfoldDirectory } from "./vcard.ts";

/** Plain text of every kind: prose, tables, JSON, iCalendar, vCard, source code. */
export function readTextFile(reading: Reading): void {
  const { bytes, charset } = reading.file;
  const decoded = decodeBytes(limitedText(reading, bytes), charset);
  if (!decoded.sound) reading.problem("corrupt", "its bytes fit no character set completely");
  const { text, other } = decoded;
  if (other !== undefined) reading.text(other);
  if (text.includes("-----BEGIN PGP MESSAGE-----")) reading.problem("encrypted", "PGP message");
  switch (reading.mediaType) {
    case "application/json":
      reading.text(jsonToText(text));
      return;
    case "text/vcard":
    case "text/calendar":
      reading.text(unfoldDirectory(text));
      return;
    default: {
      const separator = tableSeparator(text, reading.mediaType === "text/csv");
      if (separator === null) reading.text(text);
      else reading.text(tableText(parseDelimited(text, separator)), { layout: "table" });
    }
  }
}

/** Prose has commas too: without a hint a table needs three rows and no exception. */
function tableSeparator(text: string, hinted: boolean): string | null {
  const separator = findSeparator(text);
  if (separator === null || hinted) return separator;
  const rows = parseDelimited(text.slice(0, 64 * 1024), separator, 20);
  const columns = rows[0]?.length ?? 0;
  return rows.length >= 3 && rows.every((row) => row.length === columns) ? separator : null;
}
