import { type Print, printable } from "./print.ts";

/** What one detector finds in a text; as the detection engine's trial answers. */
interface TrialResult {
  readonly detector: string;
  readonly builtIn: boolean;
  readonly view: string;
  readonly seen: string;
  readonly warning: string | null;
  readonly matched: number | null;
  readonly found: readonly {
    readonly start: number;
    readonly end: number;
    readonly value: string;
    readonly masked: string;
    readonly confidence: string;
    readonly why: readonly string[];
  }[];
  readonly count: number;
  readonly millisecondsPerMegabyte: number;
}

/** One paragraph a detector: how much it finds, in which view of the text, at what cost, and where. */
export function printTrials(trials: readonly TrialResult[], reveal: boolean, out: Print): void {
  for (const { detector, builtIn, view, seen, warning, matched, found, count, millisecondsPerMegabyte } of trials) {
    const cost = `${millisecondsPerMegabyte} ms per megabyte`;
    const origin = builtIn ? "built in" : "policy";
    out(`${detector} (${origin}): ${count === 0 ? "nothing" : count} found, saw the ${view} text, ${cost}`);
    if (matched !== null && matched !== count)
      out(`  the pattern matches in ${matched} places; the others are no findings`);
    if (warning !== null) out(`  warning: ${warning}`);
    if (reveal) out(`  saw: ${printable(seen)}`);
    for (const { start, end, value, masked, confidence, why } of found)
      out(
        `  ${start + 1}-${end}: ${printable(reveal ? value : masked)}, ${confidence} (${why.map(printable).join("; ")})`,
      );
    if (found.length < count) out(`  and ${count - found.length} more`);
  }
  if (!trials.some(({ builtIn }) => builtIn)) out("no built-in detector finds anything");
}
