/** A character reference that survived text extraction, for instance from HTML pasted into plain text. */
export interface Entity {
  readonly codePoint: number;
  /** UTF-16 units that the reference takes, with its ampersand and semicolon. */
  readonly length: number;
}

const NAMED: Readonly<Record<string, number>> = {
  amp: 0x26,
  lt: 0x3c,
  gt: 0x3e,
  quot: 0x22,
  apos: 0x27,
  nbsp: 0xa0,
  ensp: 0x2002,
  emsp: 0x2003,
  thinsp: 0x2009,
  shy: 0xad,
  zwnj: 0x200c,
  zwj: 0x200d,
  lrm: 0x200e,
  rlm: 0x200f,
  hyphen: 0x2010,
  dash: 0x2010,
  ndash: 0x2013,
  mdash: 0x2014,
  minus: 0x2212,
  period: 0x2e,
  sol: 0x2f,
  colon: 0x3a,
  commat: 0x40,
  num: 0x23,
  equals: 0x3d,
};

const REFERENCE = /&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]{2,6}));/y;

/** The reference that begins at `offset`, where an ampersand stands. HTML standard, section 13.5, common names only. */
export function entityAt(text: string, offset: number): Entity | undefined {
  REFERENCE.lastIndex = offset;
  const match = REFERENCE.exec(text);
  if (match === null) return undefined;
  const [whole, decimal, hexadecimal, name] = match;
  const codePoint =
    decimal !== undefined
      ? Number.parseInt(decimal, 10)
      : hexadecimal !== undefined
        ? Number.parseInt(hexadecimal, 16)
        : NAMED[name ?? ""];
  if (codePoint === undefined || codePoint > 0x10ffff) return undefined;
  return { codePoint, length: whole.length };
}
