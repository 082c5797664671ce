import RE2 from "re2";

export interface Keyword {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** Finds words and phrases as whole words, without regard to case. */
export interface KeywordMatcher {
  /** All of them in a short piece of text. */
  find(text: string): readonly Keyword[];
  /** Whether any may occur in a long text (UTF-8): native and fast, word boundaries not judged. */
  mayOccurIn(bytes: Buffer): boolean;
}

/** Scripts that put no spaces between words: a keyword counts wherever it stands. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Hangul}]/u;
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;

/** Undefined when there are no words to look for. */
export function createKeywordMatcher(words: readonly string[]): KeywordMatcher | undefined {
  if (words.length === 0) return undefined;
  const longestFirst = words.map((word) => word.toLowerCase()).sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(wordPattern).join("|"), "gu");
  let presence: RE2 | undefined;
  return {
    find(text) {
      const found: Keyword[] = [];
      for (const match of text.toLowerCase().matchAll(pattern)) {
        found.push({ word: match[0], start: match.index, end: match.index + match[0].length });
      }
      return found;
    },
    mayOccurIn(bytes) {
      presence ??= new RE2(longestFirst.map(phrasePattern).join("|"), "iu");
      return presence.test(bytes);
    },
  };
}

/** Text without the characters that nobody sees, so that they hide no keyword. */
export function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, "");
}

function wordPattern(word: string): string {
  const body = phrasePattern(word);
  if (UNSPACED.test(word)) return body;
  const before = /^[\p{L}\p{N}]/u.test(word) ? "(?<![\\p{L}\\p{N}])" : "";
  const after = /[\p{L}\p{N}]$/u.test(word) ? "(?![\\p{L}\\p{N}])" : "";
  return before + body + after;
}

/** Words of a phrase may be joined by spaces, a dash or an underscore: `card number`, `card-number`, `CARD_NUMBER`. */
function phrasePattern(word: string): string {
  return word
    .split(" ")
    .map((piece) => piece.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"))
    .join("[\\s_-]{1,3}");
}
