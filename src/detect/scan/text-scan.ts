import { MAX_SHAPE_LENGTH } from "../detector.ts";
import { DIGIT, JOINS, KIND, UNDERSCORE } from "../views/bytes.ts";
import { type Automaton, type Beginning, createAutomaton } from "./automaton.ts";
import { createFirstWords, type FirstWords, LONG_WORD } from "./first-word.ts";
import { compileProgram } from "./program.ts";
import { type KeywordList, keywordPattern, type OwnedShape, type ScanPattern, shapePatterns } from "./scan-pattern.ts";

export interface OnFound {
  /** A match of a shape. Returns where the search for this shape goes on (at least start + 1). */
  shape(owned: OwnedShape, start: number, end: number): number;
  /** One of the words of a list. */
  keyword(list: number, start: number, end: number): void;
}

/** Calls back from left to right. */
export type TextScan = (bytes: Buffer, onFound: OnFound) => void;

/** Where patterns may begin, as beginnings of the automaton. */
interface Beginnings {
  /** At a word of this length, that holds a digit or none. */
  word(length: number, hasDigit: boolean): Beginning;
  /** Behind an underscore within a word. */
  readonly name: Beginning;
  /** At a sign. */
  readonly sign: Beginning;
}

const UNDERSCORE_SIGN = 95;

/**
 * Finds all shapes and all keywords in one pass. From each word, and from each sign at which a shape may begin, one
 * automaton of all patterns reads on for as long as any can still match; of the matches of a pattern that begin there
 * the longest counts. Linear: it reads at most MAX_SHAPE_LENGTH bytes from each place, in mail one or two.
 */
export function createTextScan(shapes: readonly OwnedShape[], keywords: readonly KeywordList[]): TextScan {
  const patterns: readonly ScanPattern[] = [
    ...shapePatterns(shapes),
    ...keywords.flatMap((list) => keywordPattern(list) ?? []),
  ];
  if (patterns.length === 0) return () => {};
  const program = compileProgram(patterns.map(({ tree }) => tree));
  const ends = patterns.map(({ end }) => end);
  const automaton = createAutomaton(program, ends);
  const beginnings = findBeginnings(patterns, automaton, createFirstWords(program, ends));
  const { name, sign } = beginnings;

  return (bytes, onFound) => {
    const resumeAt = new Float64Array(shapes.length);
    const length = bytes.length;
    let start = 0;
    const onAccepted = (index: number, end: number): void => {
      const pattern = patterns[index];
      if (pattern?.keywords !== undefined) {
        // The end was looked at; the beginning not, as letters outside ASCII begin no word here.
        if (JOINS[bytes[start - 1] ?? 0] === 0) onFound.keyword(pattern.keywords, start, end);
        return;
      }
      for (const { owned, place } of pattern?.owners ?? []) {
        if (start < (resumeAt[place] ?? 0)) continue;
        resumeAt[place] = Math.max(start + 1, onFound.shape(owned, start, end));
      }
    };
    for (let at = 0; at < length; ) {
      start = at;
      let kind = KIND[bytes[at] as number] as number;
      if (kind === 0) {
        if (sign.mayBegin[bytes[at] as number] === 1) automaton.read(bytes, at, MAX_SHAPE_LENGTH, sign, onAccepted);
        at++;
        continue;
      }
      let kinds = 0;
      do {
        kinds |= kind;
        at++;
        kind = at < length ? (KIND[bytes[at] as number] as number) : 0;
      } while (kind !== 0);
      const word = beginnings.word(at - start, (kinds & DIGIT) !== 0);
      if (word.mayBegin[bytes[start] as number] === 1) automaton.read(bytes, start, MAX_SHAPE_LENGTH, word, onAccepted);
      if ((kinds & UNDERSCORE) === 0) continue;
      for (let mark = bytes.indexOf(UNDERSCORE_SIGN, start); mark >= 0 && mark < at - 1; ) {
        start = mark + 1;
        if (name.mayBegin[bytes[start] as number] === 1)
          automaton.read(bytes, start, MAX_SHAPE_LENGTH, name, onAccepted);
        mark = bytes.indexOf(UNDERSCORE_SIGN, start);
      }
    }
  };
}

function findBeginnings(patterns: readonly ScanPattern[], automaton: Automaton, firstWords: FirstWords): Beginnings {
  const indexes = patterns.map((_, index) => index);
  const atWords = indexes.filter((index) => patterns[index]?.start !== "sign");
  const lengths = [false, true].map((hasDigit) => atWords.map((index) => firstWords(index, hasDigit)));
  const known: Beginning[][] = [[], []];
  return {
    word(length, hasDigit) {
      const kind = hasDigit ? 1 : 0;
      const atMost = Math.min(length, LONG_WORD);
      const beginning = known[kind]?.[atMost];
      if (beginning !== undefined) return beginning;
      const made = automaton.beginning(atWords.filter((_, place) => lengths[kind]?.[place]?.[atMost] === 1));
      (known[kind] ?? [])[atMost] = made;
      return made;
    },
    name: automaton.beginning(indexes.filter((index) => patterns[index]?.start === "name")),
    sign: automaton.beginning(indexes.filter((index) => patterns[index]?.start === "sign")),
  };
}
