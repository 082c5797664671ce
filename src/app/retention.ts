import type { Clock, Logger } from "../core/ports.ts";
import type { EventStore } from "../core/store.ts";

const DAY_MS = 86_400_000;
/** How often it is looked for events that are old enough; a day's events are never many at once then. */
const EVERY_MS = 3_600_000;

/** Removes events that are older than they are kept, at start and each hour. Returns what ends it. */
export function keepRetention(
  days: number,
  {
    events,
    clock,
    logger,
  }: { readonly events: Pick<EventStore, "prune">; readonly clock: Clock; readonly logger: Logger },
): () => Promise<void> {
  let working = Promise.resolve();
  const prune = (): void => {
    working = working
      .then(() => events.prune(new Date(clock.now().getTime() - days * DAY_MS)))
      .then((removed) => {
        if (removed > 0) logger.info({ removed }, "events were removed that are older than they are kept");
      })
      .catch((error: unknown) => logger.warn({ err: error }, "old events could not be removed; they will be"));
  };
  prune();
  const timer = setInterval(prune, EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    return working;
  };
}
