/** More edits than this and the suggestion is a guess. */
const MAX_EDITS = 2;

/** ` (did you mean "threshold"?)` for the known word nearest to a misspelt one; empty when none is near. */
export function suggestion(word: string, known: Iterable<string>): string {
  let best: string | undefined;
  let least = MAX_EDITS + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) > MAX_EDITS) continue;
    const edits = distance(word.toLowerCase(), candidate.toLowerCase());
    if (edits < least && edits < Math.max(candidate.length, word.length) / 2) {
      best = candidate;
      least = edits;
    }
  }
  return best === undefined ? "" : ` (did you mean "${best}"?)`;
}

/** Levenshtein distance. */
function distance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const replace = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(replace, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
