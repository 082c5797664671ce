/** The 100 commonest words of written English. An administrator replaces them with `postern skip-list set`. */
export const DEFAULT_SKIP_LIST: readonly string[] =
  `a about all also an and any are as at be because been but by can could day do even first for from get give go good
   had has have he her him his how i if in into is it its just know like look make me more most my new no not now of
   on one only or other our out over people say see she so some take than that the their them then there these they
   think this time to two up us use want was way we well were what when which who will with would year you your`
    .split(/\s+/)
    .slice(0, 100);

/** Words in lower case for comparison, with the length of the longest. */
export interface SkipList {
  readonly words: ReadonlySet<string>;
  readonly longest: number;
}

export function createSkipList(words: "default" | readonly string[]): SkipList {
  const list = words === "default" ? DEFAULT_SKIP_LIST : words;
  const lowered = list.map((word) => word.trim().toLowerCase().normalize("NFC")).filter((word) => word !== "");
  return { words: new Set(lowered), longest: lowered.reduce((most, word) => Math.max(most, word.length), 0) };
}

const LITERAL_WORD = /(?<=^|[ |(]|\\s[+*]?)([\p{L}']+)(?: |\\s[+*]?)(?=[^+*?{])/gu;

/**
 * A pattern as the normalised text needs it: literal words that the skip list takes out of the text are taken out of
 * the pattern too, with the space behind them.
 */
export function skipInPattern(pattern: string, skip: SkipList): string {
  return pattern.replace(LITERAL_WORD, (whole, word: string) => (skip.words.has(word.toLowerCase()) ? "" : whole));
}
