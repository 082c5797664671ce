import { randomUUID } from "node:crypto";
import type { Clock } from "../core/ports.ts";
import type { Lease } from "../core/store.ts";

/**
 * How long a worker may be silent before its work is given to another. Short, because it is the time that work stands
 * still after `kill -9`; a worker renews at a third of it.
 */
export const LEASE_MS = 30_000;

export function newLease(clock: Clock): Lease {
  return { token: randomUUID(), until: new Date(clock.now().getTime() + LEASE_MS) };
}

/**
 * Does `work` and keeps the lease alive meanwhile. When the lease is lost, the signal given to `work` aborts: another
 * worker has taken over, and nothing more may be begun.
 */
export async function underLease<Result>(
  lease: Lease,
  renew: (lease: Lease) => Promise<boolean>,
  clock: Clock,
  work: (signal: AbortSignal) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const lost = new AbortController();
  const timer = setInterval(() => {
    renew({ token: lease.token, until: new Date(clock.now().getTime() + LEASE_MS) }).then(
      (held) => {
        if (!held) lost.abort(new Error("the lease was lost"));
      },
      // The database is away: the lease runs out by itself, and the next write will tell.
      () => undefined,
    );
  }, LEASE_MS / 3);
  try {
    return await work(AbortSignal.any([signal, lost.signal]));
  } finally {
    clearInterval(timer);
  }
}
