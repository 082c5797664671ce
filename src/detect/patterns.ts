import RE2 from "re2";

/** A fault of a pattern: where (offset in UTF-16 units) and why. */
export interface PatternFault {
  readonly position: number;
  readonly reason: string;
}

/** Longer patterns are a word list in disguise: `words` and `dictionary` are made for that. */
const MAX_LENGTH = 4_096;
/** RE2's own limit for a counted repetition. */
const MAX_REPEAT = 1_000;

/** What RE2 cannot do in linear time, by how it begins. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/\(\?<?[=!]/y, "look-around is not supported: patterns are matched in linear time"],
  [/\\[1-9]/y, "back-references are not supported: patterns are matched in linear time"],
  [/\\k[<{']|\(\?P=/y, "back-references are not supported: patterns are matched in linear time"],
  [/\(\?>/y, "atomic groups are not supported"],
  [/[*+?}]\+/y, "possessive repetitions are not supported"],
];

/** The first fault of an administrator's pattern (RE2 syntax), or undefined when it can be used. */
export function checkPattern(pattern: string): PatternFault | undefined {
  if (pattern === "") return { position: 0, reason: "the pattern is empty" };
  if (pattern.length > MAX_LENGTH) {
    return { position: MAX_LENGTH, reason: `the pattern is longer than ${MAX_LENGTH} characters; use words instead` };
  }
  const refused = findRefused(pattern);
  if (refused !== undefined) return refused;
  try {
    new RE2(pattern, "u");
    return undefined;
  } catch (error) {
    return faultOf(pattern, error instanceof Error ? error.message : String(error));
  }
}

/** Walks over the pattern outside character classes and escapes. */
function findRefused(pattern: string): PatternFault | undefined {
  let inClass = false;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at];
    if (!inClass) {
      for (const [begin, reason] of REFUSED) {
        begin.lastIndex = at;
        if (begin.test(pattern)) return { position: at, reason };
      }
      const repeat = repetitionAt(pattern, at);
      if (repeat !== undefined && repeat > MAX_REPEAT) {
        return { position: at, reason: `a repetition may count to ${MAX_REPEAT} at most` };
      }
    }
    if (character === "\\") at += escapeLength(pattern, at) - 1;
    else if (character === "[") inClass = true;
    else if (character === "]") inClass = false;
  }
  return undefined;
}

/** `\p{Greek}` is one escape, with its braces. */
function escapeLength(pattern: string, at: number): number {
  return /^\\[pPx]\{[^}]{0,64}\}/.exec(pattern.slice(at, at + 70))?.[0].length ?? 2;
}

function repetitionAt(pattern: string, at: number): number | undefined {
  const match = /^\{(\d{1,9})(?:,(\d{0,9}))?\}/.exec(pattern.slice(at, at + 24));
  return match === null ? undefined : Math.max(Number(match[1]), Number(match[2] ?? 0));
}

/** RE2 names the piece that it refused behind a colon; its place in the pattern is the position. */
function faultOf(pattern: string, message: string): PatternFault {
  const colon = message.indexOf(": ");
  const reason = colon < 0 ? message : message.slice(0, colon);
  const piece = colon < 0 ? "" : message.slice(colon + 2);
  if (/^(?:missing|unexpected|trailing)/.test(reason)) {
    const position = reason.startsWith("unexpected") ? Math.max(0, pattern.lastIndexOf(")")) : pattern.length;
    return { position, reason };
  }
  if (/too large|out of memory/.test(message)) {
    return { position: 0, reason: "the pattern is too large: its repetitions multiply to too many states" };
  }
  return { position: Math.max(0, pattern.indexOf(piece)), reason: piece === "" ? reason : `${reason} ${piece}` };
}
