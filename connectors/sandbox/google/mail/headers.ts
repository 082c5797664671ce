/** One header field with its place in the message, so that it can be cut out without touching another byte. */
export interface HeaderField {
  readonly name: string;
  /** Unfolded, trimmed. */
  readonly value: string;
  readonly start: number;
  /** First byte after the field's line end. */
  readonly end: number;
}

const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;

/** Where the body begins: after the first empty line, or the end when there is none (RFC 5322 section 2.1). */
export function bodyStart(raw: Buffer): number {
  for (let at = 0; at < raw.length; ) {
    const end = lineEnd(raw, at);
    if (isEmptyLine(raw, at, end)) return end;
    at = end;
  }
  return raw.length;
}

/** Reads the header block. Lines without a colon are skipped, as mail systems do. */
export function readHeaders(raw: Buffer): readonly HeaderField[] {
  const fields: HeaderField[] = [];
  const stop = bodyStart(raw);
  for (let at = 0; at < stop; ) {
    let end = lineEnd(raw, at);
    if (isEmptyLine(raw, at, end)) break;
    while (end < stop && (raw[end] === SPACE || raw[end] === TAB)) end = lineEnd(raw, end);
    const text = raw.toString("utf8", at, end);
    const colon = text.indexOf(":");
    if (colon > 0) {
      const value = text
        .slice(colon + 1)
        .replace(/\r?\n(?=[ \t])/g, "")
        .trim();
      fields.push({ name: text.slice(0, colon).trim(), value, start: at, end });
    }
    at = end;
  }
  return fields;
}

/** The first value of a header, without regard to case. */
export function headerValue(fields: readonly HeaderField[], name: string): string | null {
  const wanted = name.toLowerCase();
  return fields.find((field) => field.name.toLowerCase() === wanted)?.value ?? null;
}

/** The message without the named header; every other byte stays as it is. */
export function withoutHeader(raw: Buffer, name: string): Buffer {
  const wanted = name.toLowerCase();
  const kept: Buffer[] = [];
  let from = 0;
  for (const field of readHeaders(raw)) {
    if (field.name.toLowerCase() !== wanted) continue;
    kept.push(raw.subarray(from, field.start));
    from = field.end;
  }
  return Buffer.concat([...kept, raw.subarray(from)]);
}

/** The message with header lines put before all others; every other byte stays as it is. */
export function withHeadersOnTop(raw: Buffer, lines: readonly string[]): Buffer {
  return Buffer.concat([Buffer.from(lines.map((line) => `${line}\r\n`).join("")), raw]);
}

function lineEnd(raw: Buffer, from: number): number {
  const newline = raw.indexOf(LF, from);
  return newline < 0 ? raw.length : newline + 1;
}

function isEmptyLine(raw: Buffer, start: number, end: number): boolean {
  const length = end - start;
  return (length === 1 && raw[start] === LF) || (length === 2 && raw[start] === CR && raw[start + 1] === LF);
}
