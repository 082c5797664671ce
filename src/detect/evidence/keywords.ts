/** Finds words and phrases as whole words, without regard to case, in a short piece of text. */
export type KeywordMatcher = (
  text: string,
) => readonly { readonly word: string; readonly start: number; readonly end: number }[];

/** Scripts that put no spaces between words: a keyword counts wherever it stands. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Hangul}]/u;
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;

export function createKeywordMatcher(words: readonly string[]): KeywordMatcher | undefined {
  if (words.length === 0) return undefined;
  const longestFirst = [...words].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(wordPattern).join("|"), "giu");
  return (text) => {
    const found = [];
    for (const match of text.replace(INVISIBLE, "").matchAll(pattern)) {
      found.push({ word: match[0].toLowerCase(), start: match.index, end: match.index + match[0].length });
    }
    return found;
  };
}

/** Words of a phrase may be joined by spaces, a dash or an underscore: `card number`, `card-number`, `CARD_NUMBER`. */
function wordPattern(word: string): string {
  const body = word
    .split(" ")
    .map((piece) => piece.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"))
    .join("[\\s_-]{1,3}");
  if (UNSPACED.test(word)) return body;
  const before = /^[\p{L}\p{N}]/u.test(word) ? "(?<![\\p{L}\\p{N}])" : "";
  const after = /[\p{L}\p{N}]$/u.test(word) ? "(?![\\p{L}\\p{N}])" : "";
  return before + body + after;
}
