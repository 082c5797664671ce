import { entityAt } from "./entities.ts";
import { FOLD_REMOVE, foldTable } from "./fold-table.ts";
import { createOffsetMapBuilder, type OffsetMap } from "./offset-map.ts";
import type { SkipList } from "./skip-list.ts";

/** The text that administrators' patterns and words see. */
export interface TextView {
  readonly text: string;
  readonly map: OffsetMap;
}

const SPACE = 32;
const AMPERSAND = 38;
const WHITE = /\s/;
const WORD = /^[\p{L}\p{N}\p{M}_'’-]+/u;
const OPENS = /[\s"'([{<«“‘]/;
const CLOSES = /[\s.,;:!?"')\]}>»”’]/;
/**
 * A character with the marks that combine with it, or Hangul written in single letters. Bounded, because sorting
 * marks is quadratic: 160,000 of them in a row take seconds.
 */
const CLUSTER = /[\u1100-\u11ff]{1,6}|[^\p{M}]\p{M}{1,16}/uy;
/** Text without any of these is composed already, but for a few signs that no pattern asks for. */
const DECOMPOSED = /[\p{M}\u1100-\u11ff]/u;

/**
 * Line breaks and runs of white space become one space, invisible characters vanish, entities, wide forms, digits and
 * separators are folded, letters are composed (NFC) and lower case, and words of the skip list are left out.
 */
export function normalisedView(text: string, skip: SkipList): TextView {
  const table = foldTable();
  const map = createOffsetMapBuilder();
  const composed = !DECOMPOSED.test(text);
  const pieces: string[] = [];
  let length = 0;
  let afterSpace = false;
  let chunk = "";
  const emit = (piece: string, at: number, width: number): void => {
    if (piece.length === width) map.place(length, at, 1);
    else for (let unit = 0; unit < piece.length; unit++) map.place(length + unit, at, width);
    chunk += piece;
    length += piece.length;
    // Ropes of many small strings are slow to flatten; chunks keep them short.
    if (chunk.length > 4_096) {
      pieces.push(chunk);
      chunk = "";
    }
  };
  const emitFolded = (code: number, at: number, width: number): void => {
    const piece = String.fromCodePoint(code);
    if (WHITE.test(piece)) {
      if (!afterSpace) emit(" ", at, width);
      afterSpace = true;
      return;
    }
    emit(piece.toLowerCase(), at, width);
    afterSpace = false;
  };

  const emitCluster = (cluster: string, at: number): void => {
    // Marks belong to letters; on digits and other signs they only break them apart.
    const base = cluster.codePointAt(0) ?? 0;
    if (base < 128 && !isAsciiLetter(base)) emitFolded(base, at, cluster.length);
    else {
      emit(cluster.normalize("NFC").toLowerCase(), at, cluster.length);
      afterSpace = false;
    }
  };

  for (let at = 0; at < text.length; ) {
    const skipped = wordToSkip(text, at, skip);
    if (skipped > 0) {
      at += skipped;
      continue;
    }
    const unit = text.charCodeAt(at);
    if (unit < 128 && unit !== AMPERSAND) {
      if (!composed && at + 1 < text.length && text.charCodeAt(at + 1) >= 0x300) {
        const cluster = clusterAt(text, at);
        if (cluster !== undefined) {
          emitCluster(cluster, at);
          at += cluster.length;
          continue;
        }
      }
      emitFolded(unit <= SPACE && WHITE.test(String.fromCharCode(unit)) ? SPACE : unit, at, 1);
      at++;
      continue;
    }
    const entity = unit === AMPERSAND ? entityAt(text, at) : undefined;
    const code = entity?.codePoint ?? text.codePointAt(at) ?? unit;
    const width = entity?.length ?? (code > 0xffff ? 2 : 1);
    if (code <= 0xffff && table[code] === FOLD_REMOVE) {
      at += width;
      continue;
    }
    const cluster = composed || entity !== undefined ? undefined : clusterAt(text, at);
    if (cluster !== undefined) {
      emitCluster(cluster, at);
      at += cluster.length;
      continue;
    }
    emitFolded(foldSeparator(code, table), at, width);
    at += width;
  }
  pieces.push(chunk);
  return { text: pieces.join(""), map: map.build() };
}

/** Length of the skip-list word that begins at `at`, 0 when there is none. */
function wordToSkip(text: string, at: number, skip: SkipList): number {
  if (skip.longest === 0 || (at > 0 && !OPENS.test(text.charAt(at - 1)))) return 0;
  const word = WORD.exec(text.slice(at, at + skip.longest + 2))?.[0];
  if (word === undefined || word.length > skip.longest || !skip.words.has(word.toLowerCase())) return 0;
  const after = text.charAt(at + word.length);
  if (after === "" || WHITE.test(after)) return word.length;
  const beyond = text.charAt(at + word.length + 1);
  return CLOSES.test(after) && (beyond === "" || WHITE.test(beyond)) ? word.length : 0;
}

function clusterAt(text: string, at: number): string | undefined {
  CLUSTER.lastIndex = at;
  return CLUSTER.exec(text)?.[0];
}

/** Digits, dashes, dots, spaces and wide forms become ASCII; letters stay what they are, whatever they look like. */
function foldSeparator(code: number, table: Uint8Array): number {
  if (code > 0xffff) {
    const folded = String.fromCodePoint(code).normalize("NFKC");
    return folded.length === 1 && folded.charCodeAt(0) < 128 ? folded.charCodeAt(0) : code;
  }
  const folded = table[code] ?? 0;
  const wide = code >= 0xff01 && code <= 0xff5e;
  return folded >= SPACE && folded < 127 && (wide || !isAsciiLetter(folded)) ? folded : code;
}

function isAsciiLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}
