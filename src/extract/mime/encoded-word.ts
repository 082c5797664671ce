import { decodeBytes } from "../text/charset.ts";
import { decodeQuotedPrintable } from "./transfer.ts";

const WORD = /=\?([^?\s]{1,60})\?([bq])\?([^?]*)\?=/gi;

/**
 * Decodes a header's text: encoded words (RFC 2047), also where they should not be, and raw 8-bit bytes.
 * Neighbouring words of the same charset are joined before decoding, because senders cut characters in two.
 * @param raw one UTF-16 unit a byte
 */
export function decodeHeaderText(raw: string): string {
  if (!raw.includes("=?")) return decodeRaw(raw);
  let text = "";
  let end = 0;
  let pending: { charset: string; bytes: Buffer[] } | undefined;
  const flush = () => {
    if (pending !== undefined) text += bothReadings(Buffer.concat(pending.bytes), pending.charset);
    pending = undefined;
  };
  for (const match of raw.matchAll(WORD)) {
    const between = raw.slice(end, match.index);
    const charset = (match[1] ?? "").replace(/\*.*$/, "").toLowerCase();
    const bytes = decodeWord(match[2] ?? "b", match[3] ?? "");
    // White space between two encoded words belongs to the encoding.
    const adjacent = end > 0 && between.trim() === "";
    if (!adjacent || pending?.charset !== charset) flush();
    if (!adjacent) text += decodeRaw(between);
    if (pending === undefined) pending = { charset, bytes: [bytes] };
    else pending.bytes.push(bytes);
    end = match.index + match[0].length;
  }
  flush();
  return text + decodeRaw(raw.slice(end));
}

function decodeWord(encoding: string, text: string): Buffer {
  if (encoding.toLowerCase() === "b") return Buffer.from(text, "base64");
  return decodeQuotedPrintable(Buffer.from(text.replaceAll("_", " "), "latin1"));
}

function decodeRaw(raw: string): string {
  if (!/[\x80-\xff]/.test(raw) && !raw.includes("\x1b")) return raw;
  return bothReadings(Buffer.from(raw, "latin1"), null);
}

/** A byte-order mark that contradicts the declaration must not hide a header's text: both readings, one after the other. */
function bothReadings(bytes: Buffer, charset: string | null): string {
  const { text, other } = decodeBytes(bytes, charset);
  return other === undefined ? text : `${text} ${other}`;
}
