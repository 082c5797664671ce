/** Repetitions above this make the automaton of the combined scan large. Measured: 22,837 states without, 5,700 with. */
const LONGEST_KEPT = 12;

/**
 * A pattern that matches wherever `pattern` does, and now and then elsewhere, with a much smaller automaton.
 * Only for patterns of our own (classes, groups, bounded repetitions): long repetitions lose their upper bound,
 * partial classes of digits or capitals become the whole class.
 */
export function relax(pattern: string): string {
  return pattern
    .replace(/\{(\d+)(?:,(\d*))?\}/g, (whole, low: string, high: string | undefined) => {
      const most = high === undefined ? Number(low) : high === "" ? 0 : Number(high);
      return most > LONGEST_KEPT ? `{${Math.min(Number(low), LONGEST_KEPT)},}` : whole;
    })
    .replace(/\[[0-9-]{3,}\]/g, (whole) => (/^\[-|-\]$/.test(whole) ? whole : "\\d"))
    .replace(/\[[A-Z-]{3,}\]/g, (whole) => (/^\[-|-\]$/.test(whole) ? whole : "[A-Z]"));
}
