import type { OwnedWatch, WatchStore } from "../core/store.ts";

/** A registration that ended is believed for so long at most. */
const KEPT_MS = 5_000;
/** Past it everything is looked up anew: a tenant of 10,000 mailboxes has as many registrations. */
const MOST_KEPT = 20_000;

/**
 * Remembers for seconds which registrations are ours: a burst of notifications costs one question each few seconds, not
 * one each. What is not ours is never remembered, since a new registration may notify before it is stored.
 * @param elapsed Milliseconds of a monotonic clock.
 */
export function rememberWatches(
  watches: Pick<WatchStore, "find">,
  elapsed: () => number = () => performance.now(),
): Pick<WatchStore, "find"> {
  const known = new Map<string, { readonly watch: Promise<OwnedWatch | undefined>; readonly until: number }>();

  function lookUp(watchId: string): Promise<OwnedWatch | undefined> {
    const watch = watches.find(watchId);
    if (known.size >= MOST_KEPT) known.clear();
    const entry = { watch, until: elapsed() + KEPT_MS };
    known.set(watchId, entry);
    const forget = (): void => {
      if (known.get(watchId) === entry) known.delete(watchId);
    };
    watch.then((found) => {
      if (!found) forget();
    }, forget);
    return watch;
  }

  return {
    find(watchId) {
      const kept = known.get(watchId);
      return kept && kept.until > elapsed() ? kept.watch : lookUp(watchId);
    },
  };
}
