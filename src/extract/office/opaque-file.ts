import type { Reading } from "../reading.ts";
import { Unreadable } from "../unreadable.ts";
import { readableStrings } from "./strings.ts";

/** Formats without a reader whose text stands in them mostly as it is: its strings, and the problem `unsupported`. */
export function readOpaqueFile(reading: Reading): void {
  const text = readableStrings(reading.file.bytes);
  if (text !== "") reading.text(text);
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
