/** How much may come at once, and how much in a second from then on. */
interface Pace {
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * A process works off some 20 mails a second. What one tenant, or one mailbox, brings beyond these numbers waits behind
 * what all the others bring; it is done as quickly as before when nobody else brings anything.
 */
const TENANT: Pace = { burst: 60, perSecond: 5 };
const MAILBOX: Pace = { burst: 20, perSecond: 1 };
/** Above this number the shares of those that were quiet are forgotten. */
const KEPT = 20_000;

export type Rank = "live" | "crowded";

export interface FairShares {
  /** Takes a place in the shares of the item's tenant and mailbox. */
  rank(item: { readonly tenantId: string; readonly mailbox: string }): Rank;
}

/** @param elapsed Milliseconds of a monotonic clock. */
export function openFairShares(elapsed: () => number = () => performance.now()): FairShares {
  /** Until when a share is used up at its pace (generic cell rate algorithm, ITU-T I.371). */
  const usedUntil = new Map<string, number>();

  function next(key: string, { burst, perSecond }: Pace): number | undefined {
    const each = 1_000 / perSecond;
    const used = Math.max(usedUntil.get(key) ?? 0, elapsed()) + each;
    return used - burst * each > elapsed() ? undefined : used;
  }

  function forgetQuiet(): void {
    for (const [key, until] of usedUntil) if (until <= elapsed()) usedUntil.delete(key);
  }

  return {
    rank({ tenantId, mailbox }) {
      const place = `${tenantId} ${mailbox}`;
      const [ofTenant, ofMailbox] = [next(tenantId, TENANT), next(place, MAILBOX)];
      if (ofTenant === undefined || ofMailbox === undefined) return "crowded";
      if (usedUntil.size >= KEPT) forgetQuiet();
      usedUntil.set(tenantId, ofTenant).set(place, ofMailbox);
      return "live";
    },
  };
}
