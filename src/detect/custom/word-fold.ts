/**
 * Letters of normalised text that are written otherwise in capitals or in print, and are the same letter in a word
 * (Unicode CaseFolding.txt, statuses C and F): sharp s, final sigma, ligatures.
 */
const FOLDED: Readonly<Record<string, string>> = {
  "\u00df": "ss",
  "\u03c2": "\u03c3",
  "\ufb00": "ff",
  "\ufb01": "fi",
  "\ufb02": "fl",
  "\ufb03": "ffi",
  "\ufb04": "ffl",
  "\ufb05": "st",
  "\ufb06": "st",
};
const FOLDS = /[\u00df\u03c2\ufb00-\ufb06]/;
const ALL_FOLDS = new RegExp(FOLDS, "g");

/** A normalised word as it is compared: Stra\u00dfe as STRASSE. */
export function foldWord(word: string): string {
  return FOLDS.test(word) ? word.replace(ALL_FOLDS, (letter) => FOLDED[letter] ?? letter) : word;
}

/** Where in `text` a literal that begins at `start` ends, letters compared folded; undefined when it is not there. */
export function literalEnd(text: string, start: number, literal: string): number | undefined {
  if (text.startsWith(literal, start)) return start + literal.length;
  const wanted = foldWord(literal);
  let matched = 0;
  let at = start;
  for (; matched < wanted.length; at++) {
    const piece = foldWord(text.charAt(at));
    if (piece === "" || !wanted.startsWith(piece, matched)) return undefined;
    matched += piece.length;
  }
  return at;
}
