import { IS_WORD } from "./bytes.ts";
import { entityAt } from "./entities.ts";
import { FOLD_OTHER, FOLD_REMOVE, FOLD_SURROGATE, foldTable } from "./fold-table.ts";
import { createOffsetMapBuilder, identityMap, type OffsetMap } from "./offset-map.ts";

/**
 * The view that built-in detectors scan: one ASCII byte for each UTF-16 unit, so that byte offsets are text offsets.
 * Invisible characters are gone, look-alikes and HTML entities are what they look like, and every other character
 * outside ASCII is one of two placeholder bytes (fold-table.ts).
 */
export interface ByteView {
  readonly bytes: Buffer;
  readonly map: OffsetMap;
  /**
   * Words of ASCII stand where they stand in the text, and nowhere else: what is found in the text as it is can be found
   * in this view. False where something became a letter, a digit or nothing.
   */
  readonly keepsWords: boolean;
}

const ENTITY = /&[#a-z]/i;
/** Runs of what may change in folding. */
const SPECIAL = /[\u0080-\uffff]+|&/g;
const NOT_ASCII = /[\u0080-\uffff]+/g;
const AMPERSAND = 38;

/** Folds against evasion. Text that has nothing to fold is only copied. */
export function foldedView(text: string): ByteView {
  if (isAscii(text) && !(text.includes("&") && ENTITY.test(text)))
    return { bytes: Buffer.from(text, "latin1"), map: identityMap, keepsWords: true };
  const table = foldTable();
  return foldedInStep(text, table) ?? foldedWithMap(text, table);
}

/** What takes one unit before and after needs no map: by far the most text. Undefined when something does not. */
function foldedInStep(text: string, table: Uint8Array): ByteView | undefined {
  const bytes = Buffer.from(text, "latin1");
  let keepsWords = true;
  for (const run of text.matchAll(SPECIAL)) {
    const end = run.index + run[0].length;
    for (let at = run.index; at < end; at++) {
      const unit = text.charCodeAt(at);
      const folded = table[unit] ?? FOLD_OTHER;
      if (folded >= FOLD_SURROGATE) return undefined;
      if (unit === AMPERSAND && entityAt(text, at) !== undefined) return undefined;
      bytes[at] = folded;
      if (IS_WORD[folded] === 1) keepsWords = false;
    }
  }
  return { bytes, map: identityMap, keepsWords };
}

function foldedWithMap(text: string, table: Uint8Array): ByteView {
  const bytes = Buffer.allocUnsafe(text.length);
  const map = createOffsetMapBuilder();
  let written = 0;
  /** Set when the next unit does not follow in step with the one before it. */
  let shifted = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === AMPERSAND) {
      const entity = entityAt(text, at);
      if (entity !== undefined) {
        const folded = foldCodePoint(table, entity.codePoint);
        if (folded !== FOLD_REMOVE) {
          map.place(written, at, entity.length);
          bytes[written++] = folded;
        }
        at += entity.length - 1;
        shifted = true;
        continue;
      }
    }
    let folded = table[unit] ?? FOLD_OTHER;
    if (folded === FOLD_REMOVE) {
      shifted = true;
      continue;
    }
    if (shifted) {
      map.place(written, at, 1);
      shifted = false;
    }
    if (folded === FOLD_SURROGATE) {
      const codePoint = text.codePointAt(at) ?? unit;
      folded = codePoint > 0xffff ? foldCodePoint(table, codePoint) : FOLD_OTHER;
      if (codePoint > 0xffff) {
        if (folded === FOLD_REMOVE) {
          at++;
          shifted = true;
          continue;
        }
        map.place(written, at, 2);
        at++;
        shifted = true;
      }
    }
    bytes[written++] = folded;
  }
  return { bytes: bytes.subarray(0, written), map: map.build(), keepsWords: false };
}

/** The text as it is, outside ASCII as a placeholder: for keys and tokens, where case and every character counts. */
export function rawView(text: string): ByteView {
  const bytes = Buffer.from(text, "latin1");
  if (!isAscii(text)) {
    for (const run of text.matchAll(NOT_ASCII)) bytes.fill(FOLD_OTHER, run.index, run.index + run[0].length);
  }
  return { bytes, map: identityMap, keepsWords: true };
}

function foldCodePoint(table: Uint8Array, codePoint: number): number {
  if (codePoint <= 0xffff) {
    const folded = table[codePoint] ?? FOLD_OTHER;
    return folded === FOLD_SURROGATE ? FOLD_OTHER : folded;
  }
  // Tags and supplementary variation selectors are invisible.
  if (codePoint >= 0xe0000 && codePoint <= 0xe0fff) return FOLD_REMOVE;
  const character = String.fromCodePoint(codePoint);
  const folded = character.normalize("NFKC");
  if (folded.length === 1 && folded.charCodeAt(0) < 128) return folded.charCodeAt(0);
  return FOLD_OTHER;
}

/** Three times as fast as a regular expression: the length in UTF-8 is counted natively. */
export function isAscii(text: string): boolean {
  return Buffer.byteLength(text, "utf8") === text.length;
}
