import type { Span } from "../core/finding.ts";
import { createPatternScan } from "./custom/pattern-scan.ts";
import { checkPattern, type PatternFault } from "./patterns.ts";
import { millisecondsPerMegabyte } from "./trial-cost.ts";
import { normalisedView } from "./views/normalised.ts";
import { identityMap } from "./views/offset-map.ts";
import { createSkipList, skipInPattern } from "./views/skip-list.ts";

export interface PatternTrial {
  readonly pattern: string;
  readonly text: string;
  readonly view: "normalised" | "raw";
  readonly skipList: "default" | readonly string[];
}

export type TrialResult =
  | { readonly ok: false; readonly fault: PatternFault }
  | {
      readonly ok: true;
      /** The text as the pattern saw it. */
      readonly seen: string;
      /** The pattern as it was used, and a warning when the skip list changed it. */
      readonly used: string;
      readonly warning: string | null;
      /** In the text as it was given; at most 100. */
      readonly matches: readonly (Span & { readonly text: string })[];
      readonly count: number;
      /** Measured on this text, repeated. */
      readonly millisecondsPerMegabyte: number;
    };

const MAX_MATCHES = 100;
/** A text that is pasted into the test box; more is cut. */
export const MAX_TRIED_TEXT = 262_144;

/** The test box: what a pattern finds in a text, what it saw of it, and what it costs. */
export function tryPattern(trial: PatternTrial): TrialResult {
  const fault = checkPattern(trial.pattern);
  if (fault !== undefined) return { ok: false, fault };
  const text = trial.text.slice(0, MAX_TRIED_TEXT);
  const skip = createSkipList(trial.skipList);
  const isRaw = trial.view === "raw";
  const used = usedPattern(trial.pattern, isRaw ? undefined : skip);
  const view = isRaw ? { text, map: identityMap } : normalisedView(text, skip);
  const scan = createPatternScan([used], isRaw ? "u" : "iu");
  const matches: (Span & { readonly text: string })[] = [];
  let count = 0;
  scan(view.text, (hit) => {
    count++;
    if (matches.length >= MAX_MATCHES) return;
    const start = view.map.start(hit.start);
    const end = view.map.end(hit.end);
    matches.push({ start, end, text: text.slice(start, end) });
  });
  return {
    ok: true,
    seen: view.text,
    used,
    warning:
      used === trial.pattern
        ? null
        : "words of the skip list were taken out of the pattern, as they are out of the text",
    matches,
    count,
    millisecondsPerMegabyte: millisecondsPerMegabyte((long) => scan(long, () => {}), view.text),
  };
}

function usedPattern(pattern: string, skip: ReturnType<typeof createSkipList> | undefined): string {
  if (skip === undefined) return pattern;
  const skipped = skipInPattern(pattern, skip);
  return checkPattern(skipped) === undefined ? skipped : pattern;
}
