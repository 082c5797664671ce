import { isPosternError } from "../core/errors.ts";
import type { Clock, ListedWatch, Logger } from "../core/ports.ts";
import type { StoredWatch, WatchStore } from "../core/store.ts";
import type { ConnectedTenant } from "../pipeline/scan.ts";
import { forEachLimited } from "./limited.ts";

/** The provider's own list of registrations is compared this often (ms). */
const COMPARE_MS = 3_600_000;
/** A registration that is younger (ms) may not be in the provider's list yet. */
const SETTLED_MS = 60_000;
const AT_ONCE = 4;

export interface StrangerDependencies {
  readonly watches: WatchStore;
  /** Where the provider sends this installation's notifications. */
  readonly notificationUrl: (connected: ConnectedTenant) => string;
  /** Has it looked at in the round that follows. */
  readonly suspect: (watch: StoredWatch) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Ends registrations that nobody wants, and finds those that ended silently. */
export interface Strangers {
  /** @param wanted keys of the places under watch, as `placeOf` makes them. */
  prune(connected: ConnectedTenant, wanted: ReadonlySet<string>, signal: AbortSignal): Promise<void>;
}

export function placeOf({ mailbox, stage }: Pick<StoredWatch, "mailbox" | "stage">): string {
  return `${stage} ${mailbox}`;
}

export function openStrangers(dependencies: StrangerDependencies): Strangers {
  const { watches, clock, logger } = dependencies;
  const comparedAt = new Map<string, number>();

  /** Mailboxes that left, or that are not to be watched any more. */
  async function endUnwanted(
    { tenant, connector }: ConnectedTenant,
    unwanted: readonly StoredWatch[],
    signal: AbortSignal,
  ): Promise<void> {
    await forEachLimited(unwanted, AT_ONCE, async ({ mailbox, watchId, expiresAt }) => {
      try {
        await connector.unwatch(mailbox, { id: watchId, expiresAt, created: false }, signal);
      } catch (error) {
        if (!isPosternError(error)) throw error;
        // A mailbox that is gone took its registration along; anything that may pass is tried again.
        if (error.code !== "MAILBOX_UNAVAILABLE" && error.code !== "PROVIDER_FORBIDDEN") return;
      }
      await watches.remove(watchId, { tenantId: tenant.id, mailbox });
      logger.info({ tenant: tenant.id, watch: watchId }, "a registration that is not wanted any more was ended");
    });
  }

  /**
   * A crash between making and storing leaves a registration that nobody knows, a lost answer to a deletion leaves two.
   * One that another process makes in this very moment may be hit too: the next comparison finds it missing.
   */
  async function endUnknown(
    connected: ConnectedTenant,
    listed: readonly ListedWatch[],
    current: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<void> {
    const url = dependencies.notificationUrl(connected);
    const unknown = listed.filter((watch) => watch.notificationUrl === url && !current.has(watch.id));
    await forEachLimited(unknown, AT_ONCE, async ({ id, expiresAt }) => {
      await connected.connector.unwatch("", { id, expiresAt, created: false }, signal);
      logger.info({ tenant: connected.tenant.id, watch: id }, "a registration that nobody knows was ended");
    });
  }

  async function compare(connected: ConnectedTenant, signal: AbortSignal): Promise<void> {
    const { tenant, connector } = connected;
    const now = clock.now().getTime();
    if (!connector.watches || now - (comparedAt.get(tenant.id) ?? Number.NEGATIVE_INFINITY) < COMPARE_MS) return;
    // The list first: what is made meanwhile is in the store and not in the list.
    const listed = await connector.watches(signal);
    const current = newest(await watches.list(tenant.id));
    await endUnknown(connected, listed, new Set(current.map(({ watchId }) => watchId)), signal);
    const alive = new Set(listed.map(({ id }) => id));
    for (const watch of current)
      if (!alive.has(watch.watchId) && watch.createdAt.getTime() < now - SETTLED_MS) dependencies.suspect(watch);
    comparedAt.set(tenant.id, now);
  }

  return {
    async prune(connected, wanted, signal) {
      try {
        const stored = await watches.list(connected.tenant.id);
        await endUnwanted(
          connected,
          stored.filter((watch) => !wanted.has(placeOf(watch))),
          signal,
        );
        await compare(connected, signal);
      } catch (error) {
        if (signal.aborted || !isPosternError(error)) throw error;
        logger.info({ tenant: connected.tenant.id, code: error.code }, "registrations could not be compared yet");
      }
    },
  };
}

/** The store lists the newest of each place first. */
function newest(stored: readonly StoredWatch[]): readonly StoredWatch[] {
  const seen = new Set<string>();
  return stored.filter((watch) => {
    const place = placeOf(watch);
    return !seen.has(place) && seen.add(place);
  });
}
