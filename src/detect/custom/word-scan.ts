import { foldWord, literalEnd } from "./word-fold.ts";

/** Runs of characters that make words; the rest separates them. */
const WORD = /[\p{L}\p{N}\p{M}_]+/gu;
/** Between two words of a phrase stand at most three other characters. */
const NEXT_WORD = /[^\p{L}\p{N}\p{M}_]{1,3}([\p{L}\p{N}\p{M}_]+)/uy;
/** Scripts that put no spaces between words: their entries are found anywhere. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

interface Entry {
  readonly list: number;
  /** Folded. */
  readonly words: readonly string[];
  /** Set when the entry holds more than letters, digits, spaces and dashes: then every character counts. */
  readonly literal: string | undefined;
  /** Characters of `literal` before its first word. */
  readonly lead: number;
}

/** Entries that begin with the same word; phrases by their second one, so that common first words cost nothing. */
interface Bucket {
  readonly single: Entry[];
  readonly phrases: Map<string, Entry[]>;
}

export interface WordHit {
  readonly list: number;
  readonly start: number;
  readonly end: number;
}

export type WordScan = (text: string, onHit: (hit: WordHit) => void) => void;
type Report = (list: number, start: number, end: number) => void;

/**
 * Finds the entries of all lists in one pass. Entries and text must be normalised alike.
 * The cost of a place does not grow with the lists: entries are looked up by their first words.
 */
export function createWordScan(lists: readonly (readonly string[])[]): WordScan {
  const byFirstWord = new Map<string, Bucket>();
  const byFirstPair = new Map<string, { readonly list: number; readonly text: string }[]>();
  for (const [list, entries] of lists.entries()) {
    for (const text of new Set(entries)) {
      if (UNSPACED.test(text)) push(byFirstPair, text.slice(0, 2), { list, text });
      else addWords(byFirstWord, list, text);
    }
  }
  for (const { phrases } of byFirstWord.values()) {
    for (const entries of phrases.values()) entries.sort((a, b) => b.words.length - a.words.length);
  }
  for (const entries of byFirstPair.values()) entries.sort((a, b) => b.text.length - a.text.length);

  return (text, onHit) => {
    const freeFrom = new Map<number, number>();
    const report: Report = (list, start, end) => {
      if (start < (freeFrom.get(list) ?? 0)) return;
      freeFrom.set(list, end);
      onHit({ list, start, end });
    };
    if (byFirstWord.size > 0) scanWords(text, byFirstWord, report);
    if (byFirstPair.size > 0) scanUnspaced(text, byFirstPair, report);
  };
}

function addWords(byFirstWord: Map<string, Bucket>, list: number, text: string): void {
  const written = text.match(WORD)?.[0];
  const words = text.match(WORD)?.map(foldWord) ?? [];
  const [first, second] = words;
  if (written === undefined || first === undefined) return;
  const bucket: Bucket = byFirstWord.get(first) ?? { single: [], phrases: new Map() };
  byFirstWord.set(first, bucket);
  const literal = /^[\p{L}\p{N}\p{M}_\s'’-]*$/u.test(text) ? undefined : text;
  const entry: Entry = { list, words, literal, lead: text.indexOf(written) };
  if (second === undefined) bucket.single.push(entry);
  else push(bucket.phrases, second, entry);
}

/** Longer entries come first, so that of two of one list that begin alike the longer is reported. */
function scanWords(text: string, byFirstWord: ReadonlyMap<string, Bucket>, report: Report): void {
  for (const first of text.matchAll(WORD)) {
    const bucket = byFirstWord.get(foldWord(first[0]));
    if (bucket === undefined) continue;
    const firstEnd = first.index + first[0].length;
    if (bucket.phrases.size > 0) {
      NEXT_WORD.lastIndex = firstEnd;
      const second = NEXT_WORD.exec(text)?.[1];
      const entries: readonly Entry[] | undefined =
        second === undefined ? undefined : bucket.phrases.get(foldWord(second));
      for (const entry of entries ?? []) reportEntry(text, entry, first.index, firstEnd, report);
    }
    for (const entry of bucket.single) reportEntry(text, entry, first.index, firstEnd, report);
  }
}

function reportEntry(text: string, entry: Entry, firstStart: number, firstEnd: number, report: Report): void {
  if (entry.literal !== undefined) {
    const start = firstStart - entry.lead;
    const end = start < 0 ? undefined : literalEnd(text, start, entry.literal);
    if (end !== undefined) report(entry.list, start, end);
    return;
  }
  const end = phraseEnd(text, entry.words, firstEnd);
  if (end !== undefined) report(entry.list, firstStart, end);
}

/** Where the phrase ends when its further words follow from `at` on. */
function phraseEnd(text: string, words: readonly string[], at: number): number | undefined {
  let end = at;
  for (const word of words.slice(1)) {
    NEXT_WORD.lastIndex = end;
    const match = NEXT_WORD.exec(text);
    if (match?.[1] === undefined || foldWord(match[1]) !== word) return undefined;
    end += match[0].length;
  }
  return end;
}

function scanUnspaced(
  text: string,
  byFirstPair: ReadonlyMap<string, readonly { readonly list: number; readonly text: string }[]>,
  report: Report,
): void {
  for (let at = 0; at < text.length; at++) {
    for (const key of [text.slice(at, at + 2), text.charAt(at)]) {
      for (const entry of byFirstPair.get(key) ?? []) {
        if (text.startsWith(entry.text, at)) report(entry.list, at, at + entry.text.length);
      }
    }
  }
}

function push<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const items = map.get(key);
  if (items === undefined) map.set(key, [item]);
  else items.push(item);
}
