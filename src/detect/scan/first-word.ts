import { MAX_SHAPE_LENGTH } from "../detector.ts";
import { DIGIT, IS_WORD, KIND } from "../views/bytes.ts";
import type { PatternEnd } from "./automaton.ts";
import type { Program } from "./program.ts";
import type { ByteSet } from "./shape-syntax.ts";

/** Words of this length or longer are treated alike. */
export const LONG_WORD = 64;

/** Which lengths the first word of a pattern's match can have. */
export type FirstWords = (pattern: number, hasDigit: boolean) => Uint8Array;

/**
 * Element n of the result is 1 when a match of the pattern may begin at the beginning of a word of n bytes, with a digit
 * or without any. Length and digits rule out most patterns for most words of a text.
 */
export function createFirstWords({ instructions, sets, starts }: Program, ends: readonly PatternEnd[]): FirstWords {
  const inWords = sets.map((set) => holds(set, (byte) => IS_WORD[byte] === 1));
  const inPlainWords = sets.map((set) => holds(set, (byte) => IS_WORD[byte] === 1 && KIND[byte] !== DIGIT));
  const outside = sets.map((set) => holds(set, (byte) => IS_WORD[byte] === 0));
  const marks = new Uint32Array(instructions.length);
  let mark = 0;

  function follow(at: number, into: number[]): void {
    if (marks[at] === mark) return;
    marks[at] = mark;
    const instruction = instructions[at];
    if (instruction?.kind !== "split") into.push(at);
    else {
      follow(instruction.first, into);
      follow(instruction.second, into);
    }
  }

  return (pattern, hasDigit) => {
    const readable = hasDigit ? inWords : inPlainWords;
    const lengths = new Uint8Array(LONG_WORD + 1);
    let current: number[] = [];
    mark++;
    follow(starts[pattern] ?? 0, current);
    for (let length = 1; current.length > 0 && length <= MAX_SHAPE_LENGTH; length++) {
      const reached: number[] = [];
      mark++;
      for (const at of current) {
        const instruction = instructions[at];
        if (instruction?.kind === "read" && readable[instruction.set]) follow(instruction.next, reached);
      }
      current = reached;
      for (const at of current) {
        const instruction = instructions[at];
        if (instruction?.kind === "matched") {
          if (ends[pattern] === "boundary") lengths[Math.min(length, LONG_WORD)] = 1;
          // The word may go on behind the match.
          else return lengths.fill(1, Math.min(length, LONG_WORD));
        } else if (instruction?.kind === "read" && outside[instruction.set]) lengths[Math.min(length, LONG_WORD)] = 1;
      }
    }
    return lengths;
  };
}

function holds(set: ByteSet, test: (byte: number) => boolean): boolean {
  return set.some((member, byte) => member === 1 && test(byte));
}
