import { randomUUID } from "node:crypto";
import type { Clock } from "../core/ports.ts";
import type { Lease } from "../core/store.ts";

/** How long a worker may be silent before its work is given to another, unless `POSTERN_LEASE_SECONDS` says otherwise. */
const LEASE_MS = 30_000;

/** A lease with its length: it is renewed at a third of it. */
export interface TimedLease extends Lease {
  readonly ms: number;
}

/** @param ms short, because work stands still for so long after `kill -9`; long enough for a worker that is slow */
export function newLease(clock: Clock, ms: number = LEASE_MS): TimedLease {
  return { token: randomUUID(), ...lasting(clock, ms) };
}

/** The same lease from now on. */
export function renewed(lease: TimedLease, clock: Clock): TimedLease {
  return { ...lease, ...lasting(clock, lease.ms) };
}

function lasting(clock: Clock, ms: number): { readonly ms: number; readonly until: Date } {
  return { ms, until: new Date(clock.now().getTime() + ms) };
}

/**
 * Does `work` and keeps the lease alive meanwhile. When the lease is lost, the signal given to `work` aborts: another
 * worker has taken over, and nothing more may be begun.
 */
export async function underLease<Result>(
  lease: TimedLease,
  renew: (lease: TimedLease) => Promise<boolean>,
  clock: Clock,
  work: (signal: AbortSignal) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const lost = new AbortController();
  const timer = setInterval(() => {
    renew(renewed(lease, clock)).then(
      (held) => {
        if (!held) lost.abort(new Error("the lease was lost"));
      },
      // The database is away: the lease runs out by itself, and the next write will tell.
      () => undefined,
    );
  }, lease.ms / 3);
  try {
    return await work(AbortSignal.any([signal, lost.signal]));
  } finally {
    clearInterval(timer);
  }
}
