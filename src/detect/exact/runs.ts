/** Runs of letters and digits; values are compared by these alone, whatever stands between them. */
const RUN = /[\p{L}\p{N}\p{M}]+/gu;
/** Between two runs of one value stand at most so many other characters. */
const MAX_GAP = 2;

/** Longer runs are no value; composing marks in very long ones is quadratic. */
const MAX_RUN = 256;

/** A sequence of runs: its compact form and where it stands. */
export interface RunSequence {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** The form in which values are compared: NFKC, lower case, letters and digits only. */
export function compactValue(value: string): string {
  return (value.normalize("NFKC").toLowerCase().match(RUN) ?? []).join("");
}

/** Number of runs in a value. */
export function runsOf(value: string): number {
  return value.normalize("NFKC").match(RUN)?.length ?? 0;
}

/** All sequences of one to `most` neighbouring runs, in order of their beginning. */
export function* runSequences(text: string, most: number): Generator<RunSequence> {
  const recent: RunSequence[] = [];
  for (const match of text.matchAll(RUN)) {
    if (match[0].length > MAX_RUN) {
      recent.length = 0;
      continue;
    }
    const run = {
      value: match[0].normalize("NFKC").toLowerCase(),
      start: match.index,
      end: match.index + match[0].length,
    };
    const previous = recent.at(-1);
    if (previous !== undefined && run.start - previous.end > MAX_GAP) recent.length = 0;
    recent.push(run);
    if (recent.length > most) recent.shift();
    let value = "";
    for (let first = recent.length - 1; first >= 0; first--) {
      const begin = recent[first];
      if (begin === undefined) break;
      value = begin.value + value;
      yield { value, start: begin.start, end: run.end };
    }
  }
}
