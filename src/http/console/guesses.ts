import type { Clock } from "../../core/ports.ts";

/** Wrong links that an address may try in a minute (threat T-26). */
const MOST_IN_WINDOW = 20;
const WINDOW_MS = 60_000;
/** Addresses that are remembered; beyond that all are forgotten, which costs only their counts. */
const MOST_ADDRESSES = 10_000;

/** Counts wrong guesses by address. Right links are never locked: many people may share an address. */
export interface Guesses {
  /** Notes a wrong one. True when there were too many in this minute. */
  tooMany(address: string): boolean;
}

export function openGuesses(clock: Clock): Guesses {
  const windows = new Map<string, { readonly endsAt: number; count: number }>();
  return {
    tooMany(address) {
      const now = clock.now().getTime();
      if (windows.size >= MOST_ADDRESSES) windows.clear();
      const open = windows.get(address);
      const window = open && open.endsAt > now ? open : { endsAt: now + WINDOW_MS, count: 0 };
      window.count += 1;
      windows.set(address, window);
      return window.count > MOST_IN_WINDOW;
    },
  };
}
