import type { Clock, Logger } from "../core/ports.ts";
import { type EventStore, INSTALLATION } from "../core/store.ts";

/** A prober does not fill the audit trail: of one reason one event in so long (ms), with the number of the others. */
const QUIET_MS = 60_000;

export interface Refusals {
  /** A pushed notification was not believed; nothing waits for this to be written. */
  note(provider: "microsoft" | "google", reason: string): void;
}

/** Puts forged, foreign and stale notifications on record (threat T-01). */
export function openRefusals(dependencies: {
  readonly events: Pick<EventStore, "append">;
  readonly clock: Clock;
  readonly logger: Logger;
}): Refusals {
  const { events, clock, logger } = dependencies;
  const quiet = new Map<string, { readonly until: number; held: number }>();

  return {
    note(provider, reason) {
      const now = clock.now();
      const key = `${provider} ${reason}`;
      const known = quiet.get(key);
      if (known && known.until > now.getTime()) {
        known.held += 1;
        return;
      }
      quiet.set(key, { until: now.getTime() + QUIET_MS, held: 0 });
      const body = { change: "notification-refused", by: "unknown", provider, reason, others: known?.held ?? 0 };
      events.append(INSTALLATION, "audit", body, now).catch((error: unknown) => {
        logger.warn({ err: error }, "a refused notification could not be put on record");
      });
    },
  };
}
