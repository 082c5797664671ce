export interface Keyword {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** Finds words and phrases in a short piece of text as whole words, without regard to case. */
export interface KeywordMatcher {
  find(text: string): readonly Keyword[];
}

/** Scripts that put no spaces between words: a keyword counts wherever it stands. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Hangul}]/u;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;

/** Undefined when there are no words to look for. */
export function createKeywordMatcher(words: readonly string[]): KeywordMatcher | undefined {
  if (words.length === 0) return undefined;
  const longestFirst = words.map((word) => word.toLowerCase()).sort((a, b) => b.length - a.length);
  // Boundaries are judged behind the match: Unicode classes in a pattern make it five times as slow.
  const pattern = new RegExp(longestFirst.map(phrasePattern).join("|"), "g");
  return {
    find(text) {
      const lower = text.toLowerCase();
      const found: Keyword[] = [];
      pattern.lastIndex = 0;
      for (let match = pattern.exec(lower); match !== null; match = pattern.exec(lower)) {
        const start = match.index;
        const word = isWhole(lower, start, match[0])
          ? match[0]
          : longestFirst.find((shorter) => lower.startsWith(shorter, start) && isWhole(lower, start, shorter));
        if (word !== undefined) found.push({ word, start, end: start + word.length });
        pattern.lastIndex = start + (word?.length ?? 1);
      }
      return found;
    },
  };
}

/** Text without the characters that nobody sees, so that they hide no keyword. */
export function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, "");
}

function isWhole(text: string, start: number, word: string): boolean {
  const end = start + word.length;
  if (UNSPACED.test(word)) return true;
  return !(joins(text, start - 1) && joins(text, start)) && !(joins(text, end - 1) && joins(text, end));
}

function joins(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);
  return code >= 128 && LETTER_OR_DIGIT.test(text.charAt(at));
}

/** Words of a phrase may be joined by spaces, a dash or an underscore: `card number`, `card-number`, `CARD_NUMBER`. */
function phrasePattern(word: string): string {
  return word
    .split(" ")
    .map((piece) => piece.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"))
    .join("[\\s_-]{1,3}");
}
