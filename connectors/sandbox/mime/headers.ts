import { addressParser, decodeWords } from "postal-mime";

/** One top-level header; `name` as written, `value` unfolded and still encoded. */
export interface RawHeader {
  readonly name: string;
  readonly value: string;
}

/** Reads the header block at the top of a message, in order. Lines that are no header are passed over. */
export function readHeaders(mime: Uint8Array): readonly RawHeader[] {
  return headerLines(mime).flatMap((line) => {
    const text = decodeBytes(line).replace(/\r?\n[ \t]/g, " ");
    const colon = text.indexOf(":");
    if (colon < 1) return [];
    return [{ name: text.slice(0, colon).trim(), value: text.slice(colon + 1).trim() }];
  });
}

/** The value of the first header of that name (any case), encoded words decoded; null when there is none. */
export function headerText(headers: readonly RawHeader[], name: string): string | null {
  const found = headers.find((header) => header.name.toLowerCase() === name.toLowerCase());
  return found ? decodeWords(found.value) : null;
}

/** A mailbox of an address list (RFC 5322 section 3.4); groups are flattened. */
export interface NamedAddress {
  readonly name: string;
  readonly address: string;
}

/** All mailboxes in all headers of that name. */
export function headerAddresses(headers: readonly RawHeader[], name: string): readonly NamedAddress[] {
  return headers
    .filter((header) => header.name.toLowerCase() === name.toLowerCase())
    .flatMap((header) => addressParser(header.value, { flatten: true }))
    .flatMap((entry) => (entry.address ? [{ name: decodeWords(entry.name), address: entry.address }] : []));
}

/** The same message without the headers of that name; the rest byte for byte. */
export function withoutHeader(mime: Uint8Array, name: string): Uint8Array {
  const prefix = `${name.toLowerCase()}:`;
  const lines = headerLines(mime);
  const kept = lines.filter((line) => !decodeBytes(line).toLowerCase().startsWith(prefix));
  if (kept.length === lines.length) return mime;
  const size = lines.reduce((sum, line) => sum + line.length, 0);
  return Buffer.concat([...kept, mime.subarray(size)]);
}

/** The same message with one more header at the top. `value` must be ASCII and free of line breaks. */
export function withHeader(mime: Uint8Array, name: string, value: string): Uint8Array {
  return Buffer.concat([Buffer.from(`${name}: ${value}\r\n`, "latin1"), mime]);
}

/** Whole header lines with their folds and line ends, up to the blank line. */
function headerLines(mime: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  while (start < mime.length) {
    let end = lineEnd(mime, start);
    if (isBlank(mime, start, end)) break;
    // A line that starts with a blank continues the header before it (RFC 5322 section 2.2.3).
    while (end < mime.length && (mime[end] === 0x20 || mime[end] === 0x09)) end = lineEnd(mime, end);
    lines.push(mime.subarray(start, end));
    start = end;
  }
  return lines;
}

function lineEnd(mime: Uint8Array, from: number): number {
  const newline = mime.indexOf(0x0a, from);
  return newline === -1 ? mime.length : newline + 1;
}

function isBlank(mime: Uint8Array, start: number, end: number): boolean {
  return mime[start] === 0x0a || (mime[start] === 0x0d && end - start === 2);
}

/** Headers are ASCII, by RFC 6532 UTF-8, and in practice anything: Latin-1 keeps every byte visible. */
function decodeBytes(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString("latin1");
  }
}
