const FIRST_MS = 1_000;
const MOST_MS = 60_000;
/** A destination that asks for more waits no longer than that. */
const MOST_ASKED_MS = 300_000;

/** Milliseconds until the next attempt after `failures` in a row: doubling, with jitter, never sooner than asked. */
export function backOffMs(failures: number, askedMs: number | undefined, random: () => number = Math.random): number {
  const doubled = Math.min(MOST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return Math.max(doubled * (0.5 + random() / 2), Math.min(askedMs ?? 0, MOST_ASKED_MS));
}
