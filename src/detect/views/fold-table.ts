/**
 * What each UTF-16 unit becomes in the folded view. Values below 128 are the ASCII character itself.
 * Built once, on first use: some 65,000 entries, about 10 ms.
 */
export const FOLD_REMOVE = 255;
export const FOLD_SURROGATE = 254;
/** A letter that blocks a number beside it, as an ASCII letter does (Latin, Greek, Cyrillic, Armenian). */
export const FOLD_LETTER = 2;
/** Anything else outside ASCII; scripts that write numbers without a space before them are here too. */
export const FOLD_OTHER = 1;

let table: Uint8Array | undefined;

export function foldTable(): Uint8Array {
  table ??= buildTable();
  return table;
}

/**
 * Code points that take no room on the screen, and marks that stand over, under or around the sign before them: used to
 * break numbers apart where nobody sees it.
 */
const INVISIBLE: readonly (readonly [number, number])[] = [
  [0x00ad, 0x00ad],
  [0x0300, 0x036f],
  [0x061c, 0x061c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x1ab0, 0x1aff],
  [0x1dc0, 0x1dff],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0x20d0, 0x20ff],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfe20, 0xfe2f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
];

/** Look-alikes that NFKC leaves alone: dashes, dots, and the Greek and Cyrillic twins of Latin capitals and letters. */
const TWINS: Readonly<Record<string, string>> = {
  "-": "‐‑‒–—―−⁃﹘﹣－ー˗⸺➖",
  ".": "․·•∙⋅。．｡",
  "/": "⁄∕／",
  " ": "\u0085\u2028\u2029\u2800",
  A: "ΑАᎪ",
  B: "ΒВ",
  C: "СϹ",
  E: "ΕЕ",
  H: "ΗН",
  I: "ΙІӀ",
  J: "ЈͿ",
  K: "ΚКK",
  M: "ΜМ",
  N: "Ν",
  O: "ΟО",
  P: "ΡР",
  S: "Ѕ",
  T: "ΤТ",
  X: "ΧХ",
  Y: "ΥҮ",
  Z: "Ζ",
  a: "аɑ",
  c: "сϲ",
  e: "е",
  i: "іı",
  j: "ј",
  o: "οо",
  p: "рρ",
  s: "ѕ",
  x: "х",
  y: "у",
};

/** The zeros of Unicode's decimal digits (general category Nd); nine more follow each. */
const ZEROS = [
  0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0de6, 0x0e50,
  0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50,
  0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0,
];

function buildTable(): Uint8Array {
  const built = new Uint8Array(65_536).fill(FOLD_OTHER);
  for (let unit = 0; unit < 128; unit++) built[unit] = unit;
  const blocking = /[\p{L}\p{Nl}]/u;
  for (let unit = 128; unit < 0x0590; unit++) {
    if (blocking.test(String.fromCharCode(unit))) built[unit] = FOLD_LETTER;
  }
  for (let unit = 0xd800; unit <= 0xdfff; unit++) built[unit] = FOLD_SURROGATE;
  foldCompatible(built, 0x00a0, 0x00ff);
  foldCompatible(built, 0x2000, 0x33ff);
  foldCompatible(built, 0xfe00, 0xffef);
  for (const zero of ZEROS) for (let value = 0; value < 10; value++) built[zero + value] = 48 + value;
  for (const [ascii, twins] of Object.entries(TWINS)) {
    for (const twin of twins) built[twin.charCodeAt(0)] = ascii.charCodeAt(0);
  }
  for (const [first, last] of INVISIBLE) built.fill(FOLD_REMOVE, first, last + 1);
  return built;
}

/** Units whose NFKC form is one ASCII character become it: full-width forms, circled digits, kinds of space. */
function foldCompatible(built: Uint8Array, first: number, last: number): void {
  for (let unit = first; unit <= last; unit++) {
    const folded = String.fromCharCode(unit).normalize("NFKC");
    const code = folded.charCodeAt(0);
    if (folded.length === 1 && code < 128) built[unit] = code;
  }
}
