import { breaksPromise } from "../promise.ts";
import type { Reading } from "../reading.ts";
import { Unreadable } from "../unreadable.ts";
import { findStrings, readableStrings } from "./strings.ts";

/** Strings of larger files are looked for in their first part only. Bytes. */
const LOOKED_THROUGH = 8 * 1024 * 1024;

/**
 * Formats without a reader whose text stands in them mostly as it is: its strings, and the problem `unsupported`; bytes
 * of no format under the name of a known one are a damaged file.
 */
export function readOpaqueFile(reading: Reading): void {
  const bytes = reading.file.bytes.subarray(0, LOOKED_THROUGH);
  const { text, meaningful } = findStrings(
    reading.mediaType === "application/vnd.wordperfect" ? fromWordPerfect(bytes) : bytes,
  );
  // What random bytes hold is looked at, but nothing was read.
  if (text !== "") reading.text(text, { origin: meaningful ? "attachment" : "metadata" });
  if (breaksPromise(reading.file, reading.mediaType)) throw new Unreadable("corrupt", "nothing of the promised format");
  throw new Unreadable("unsupported", reading.mediaType);
}

/** AppleDouble: the attributes and resources of a file beside it, as macOS packs them. Read as far as text goes. */
export function readAppleDouble(reading: Reading): void {
  const text = readableStrings(reading.file.bytes);
  if (text !== "") reading.text(text, { origin: "metadata" });
}

/** OpenPGP messages cannot be read by anyone but their recipients. */
export function readPgpMessage(): void {
  throw new Unreadable("encrypted", "PGP message");
}

/** WordPerfect has its own codes for spaces (0x80, 0x81) and line ends (0xCC to 0xD0). */
function fromWordPerfect(bytes: Buffer): Buffer {
  const plain = Buffer.from(bytes);
  for (const [index, byte] of bytes.entries()) {
    if (byte === 0x80 || byte === 0x81) plain[index] = 0x20;
    else if (byte >= 0xcc && byte <= 0xd0) plain[index] = 0x0a;
  }
  return plain;
}
