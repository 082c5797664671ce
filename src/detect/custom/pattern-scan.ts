import RE2 from "re2";
import { characterStart, utf8Offsets } from "./utf8-offsets.ts";

/** Bytes in which a match may begin; with the reach it bounds what one search can cost, whatever the pattern. */
const BLOCK = 1_024;
/** Longest match, and how far a search looks ahead. A longer match is cut here. */
const MAX_MATCH_BYTES = 2_048;
/** Bytes before a block that are handed along, so that word boundaries and anchors are judged rightly. */
const LEAD = 8;

export interface PatternHit {
  readonly pattern: number;
  /** UTF-16 offsets in the text that was scanned. */
  readonly start: number;
  readonly end: number;
}

export type PatternScan = (text: string, onHit: (hit: PatternHit) => void) => void;

/**
 * Searches administrators' patterns with RE2 alone. The scan of all of them at once tells which may occur in a block;
 * each search of one is confined to a window, so that a pattern which looks far ahead costs a constant for each byte.
 */
export function createPatternScan(sources: readonly string[], flags: "u" | "iu"): PatternScan {
  if (sources.length === 0) return () => {};
  // The empty pattern always matches: when it does not, the automaton ran out of memory and its answer is void.
  const set = new RE2.Set([...sources, "(?:)"], flags);
  const exact = sources.map((source) => new RE2(source, `g${flags}`));
  const everyone = sources.map((_, index) => index);

  return (text, onHit) => {
    const bytes = Buffer.from(text, "utf8");
    let toUnits: ((offset: number) => number) | undefined;
    const resumeAt = new Float64Array(sources.length);
    for (let from = 0; from < bytes.length; ) {
      const to = characterStart(bytes, from + BLOCK) > from ? characterStart(bytes, from + BLOCK) : bytes.length;
      const until = characterStart(bytes, to + MAX_MATCH_BYTES);
      const base = characterStart(bytes, Math.max(0, from - LEAD));
      const window = bytes.subarray(base, until);
      const reported = set.match(window);
      const candidates = reported.includes(sources.length) ? reported : everyone;
      for (const index of candidates) {
        const pattern = exact[index];
        if (pattern === undefined) continue;
        pattern.lastIndex = Math.max(from, resumeAt[index] ?? 0) - base;
        while (pattern.lastIndex < window.length) {
          const match = pattern.exec(window);
          if (match === null) break;
          const start = base + match.index;
          const end = start + match[0].length;
          if (start >= to) break;
          if (end === start) {
            // An empty match is no finding.
            pattern.lastIndex = match.index + 1;
            continue;
          }
          resumeAt[index] = end;
          toUnits ??= utf8Offsets(bytes, text.length);
          onHit({ pattern: index, start: toUnits(start), end: toUnits(end) });
        }
      }
      from = to;
    }
  };
}
