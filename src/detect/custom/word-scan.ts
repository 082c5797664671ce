/** Runs of characters that make words; the rest separates them. */
const WORD = /[\p{L}\p{N}\p{M}_]+/gu;
/** Scripts that put no spaces between words: their entries are found anywhere. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** Between two words of a phrase stand at most so many other characters. */
const MAX_GAP = 3;

interface Entry {
  readonly list: number;
  readonly words: readonly string[];
  /** Set when the entry holds more than letters, digits, spaces and dashes: then every character counts. */
  readonly literal: string | undefined;
  /** Characters of `literal` before its first word. */
  readonly lead: number;
}

export interface WordHit {
  readonly list: number;
  readonly start: number;
  readonly end: number;
}

export type WordScan = (text: string, onHit: (hit: WordHit) => void) => void;

/**
 * Finds the entries of all lists in one pass. Entries and text must be normalised alike.
 * The cost of a place does not grow with the lists: entries are looked up by their first word.
 */
export function createWordScan(lists: readonly (readonly string[])[]): WordScan {
  const byFirstWord = new Map<string, Entry[]>();
  const byFirstPair = new Map<string, { readonly list: number; readonly text: string }[]>();
  for (const [list, entries] of lists.entries()) {
    for (const text of new Set(entries)) {
      if (UNSPACED.test(text)) {
        push(byFirstPair, text.slice(0, 2), { list, text });
        continue;
      }
      const words = text.match(WORD);
      if (words?.[0] === undefined) continue;
      const literal = /^[\p{L}\p{N}\p{M}_\s'’-]*$/u.test(text) ? undefined : text;
      push(byFirstWord, words[0], { list, words, literal, lead: text.indexOf(words[0]) });
    }
  }
  for (const entries of byFirstWord.values()) entries.sort((a, b) => b.words.length - a.words.length);
  for (const entries of byFirstPair.values()) entries.sort((a, b) => b.text.length - a.text.length);

  return (text, onHit) => {
    const freeFrom = new Map<number, number>();
    const report = (list: number, start: number, end: number): void => {
      if (start < (freeFrom.get(list) ?? 0)) return;
      freeFrom.set(list, end);
      onHit({ list, start, end });
    };
    if (byFirstWord.size > 0) scanWords(text, byFirstWord, report);
    if (byFirstPair.size > 0) scanUnspaced(text, byFirstPair, report);
  };
}

function scanWords(
  text: string,
  byFirstWord: ReadonlyMap<string, readonly Entry[]>,
  report: (list: number, start: number, end: number) => void,
): void {
  for (const first of text.matchAll(WORD)) {
    const entries = byFirstWord.get(first[0]);
    if (entries === undefined) continue;
    for (const entry of entries) {
      if (entry.literal !== undefined) {
        const start = first.index - entry.lead;
        if (start >= 0 && text.startsWith(entry.literal, start))
          report(entry.list, start, start + entry.literal.length);
        continue;
      }
      const end = phraseEnd(text, entry.words, first.index + first[0].length);
      if (end !== undefined) report(entry.list, first.index, end);
    }
  }
}

/** Where the phrase ends when its further words follow from `at` on. */
function phraseEnd(text: string, words: readonly string[], at: number): number | undefined {
  let end = at;
  const next = /[^\p{L}\p{N}\p{M}_]{1,3}([\p{L}\p{N}\p{M}_]+)/uy;
  for (const word of words.slice(1)) {
    next.lastIndex = end;
    const match = next.exec(text);
    if (match?.[1] !== word || match[0].length - word.length > MAX_GAP) return undefined;
    end += match[0].length;
  }
  return end;
}

function scanUnspaced(
  text: string,
  byFirstPair: ReadonlyMap<string, readonly { readonly list: number; readonly text: string }[]>,
  report: (list: number, start: number, end: number) => void,
): void {
  for (let at = 0; at < text.length; at++) {
    const entries = byFirstPair.get(text.slice(at, at + 2)) ?? byFirstPair.get(text.charAt(at));
    for (const entry of entries ?? []) {
      if (text.startsWith(entry.text, at)) report(entry.list, at, at + entry.text.length);
    }
  }
}

function push<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const items = map.get(key);
  if (items === undefined) map.set(key, [item]);
  else items.push(item);
}
