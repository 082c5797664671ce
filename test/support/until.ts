import { setTimeout as pause } from "node:timers/promises";

/** Waits until `look` answers something, asking again and again, less often the longer it takes; fails with `what` after `withinMs`. */
export async function until<Found>(
  what: string,
  look: () => Promise<Found | undefined | false> | Found | undefined | false,
  withinMs = 15_000,
): Promise<Found> {
  const begun = performance.now();
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    const waited = performance.now() - begun;
    if (waited > withinMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    // A question costs the service as much as a mail: what takes seconds is not asked for fifty times a second.
    await pause(Math.min(Math.max(waited / 20, 20), 500));
  }
}
