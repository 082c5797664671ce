import { decodeBytes } from "../text/charset.ts";

/** One field as it stands in the message: name in lower case, value unfolded, one UTF-16 unit a byte. */
export interface RawField {
  readonly name: string;
  readonly value: string;
}

export interface HeaderBlock {
  readonly fields: readonly RawField[];
  /** Offset of the first byte after the block. */
  readonly bodyStart: number;
  /** Lines that are no field and no continuation of one. Someone could hide text there. */
  readonly stray: readonly string[];
  /** The block was longer than allowed; the rest is taken for the body. */
  readonly cut: boolean;
}

const LF = 10;
/** RFC 5322 2.2: printable ASCII but the colon; a space before the colon is the obsolete syntax (4.5). */
const FIELD = /^([!-9;-~]{1,998})[ \t]*:(.*)$/s;

/**
 * Reads the header block at `start` (RFC 5322 2.2). Broken lines do not end it as long as another field follows
 * before the next empty line; otherwise the body has begun without its empty line.
 */
export function readHeaderBlock(bytes: Buffer, start: number, end: number, limit: number): HeaderBlock {
  const lines = blockLines(bytes, start, Math.min(end, start + limit), end);
  const fields: { name: string; value: string }[] = [];
  const stray: string[] = [];
  let lastField = -1;
  for (const [index, line] of lines.list.entries()) if (FIELD.test(line.text)) lastField = index;

  for (const [index, line] of lines.list.entries()) {
    const previous = fields.at(-1);
    if (/^[ \t]/.test(line.text) && previous !== undefined) {
      previous.value += line.text;
      continue;
    }
    const match = FIELD.exec(line.text);
    if (match?.[1] !== undefined) {
      fields.push({ name: match[1].toLowerCase(), value: match[2] ?? "" });
      continue;
    }
    if (index === 0 && /^>?From /.test(line.text)) continue;
    if (index > lastField) {
      return { fields: fields.map(trimmed), bodyStart: line.start, stray, cut: false };
    }
    stray.push(line.text);
  }
  return { fields: fields.map(trimmed), bodyStart: lines.end, stray, cut: lines.cut };
}

function trimmed(field: RawField): RawField {
  return { name: field.name, value: field.value.trim() };
}

function blockLines(bytes: Buffer, start: number, end: number, realEnd: number) {
  const list: { readonly text: string; readonly start: number }[] = [];
  let position = start;
  while (position < end) {
    const newline = bytes.indexOf(LF, position);
    const lineEnd = newline === -1 || newline >= end ? end : newline;
    const text = bytes.toString("latin1", position, lineEnd).replace(/\r+$/, "");
    const next = Math.min(lineEnd + 1, end);
    if (text === "") return { list, end: next, cut: false };
    // A carriage return alone ends lines on old Macs.
    let offset = position;
    for (const piece of text.includes("\r") ? text.split("\r") : [text]) {
      if (piece === "") return { list, end: offset + 1, cut: false };
      list.push({ text: piece, start: offset });
      offset += piece.length + 1;
    }
    position = next;
  }
  return { list, end: position, cut: end < realEnd };
}

/** The lines of a header as they stand, for a message that is shown as a text. */
export function headerSource(bytes: Buffer, limit: number): string {
  const end = /\r?\n\r?\n/.exec(bytes.toString("latin1", 0, limit))?.index ?? limit;
  return decodeBytes(bytes.subarray(0, end), null).text;
}
