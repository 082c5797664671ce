import { GoogleError } from "../google-error.ts";
import type { Route } from "./route.ts";

/** The two price lists of Gmail: projects used before May 2026, and newer ones. */
export type QuotaGeneration = "legacy" | "current";

/** Gmail's limits, off in the beginning. */
export interface Limits {
  /** Requests under way for one person; more are answered 429. */
  concurrentPerUser: number;
  /** Quota units of one person in a minute; more are answered 403. 15000 legacy, 6000 current. */
  unitsPerMinutePerUser: number;
  generation: QuotaGeneration;
}

export interface Meters {
  readonly limits: Limits;
  /** Quota units spent, for one person or for all. */
  units(generation: QuotaGeneration, subject?: string): number;
  /** Most requests that were under way at once for one person. */
  peak(subject: string): number;
  /** Calls of one method that were let through. */
  calls(operation: string): number;
}

/** Counts one Gmail call in; the returned function counts it out. */
export interface MeterGate extends Meters {
  /** @throws GoogleError 429 or 403 when a limit is passed. */
  enter(subject: string, route: Route): () => void;
}

const MINUTE_MS = 60_000;

interface Spending {
  readonly at: number;
  readonly units: Readonly<Record<QuotaGeneration, number>>;
}

interface Account {
  underWay: number;
  peak: number;
  readonly spent: Spending[];
}

export function createMeters(clock: () => Date): MeterGate {
  const accounts = new Map<string, Account>();
  const calls = new Map<string, number>();
  const limits: Limits = {
    concurrentPerUser: Number.POSITIVE_INFINITY,
    unitsPerMinutePerUser: Number.POSITIVE_INFINITY,
    generation: "current",
  };
  const account = (subject: string): Account => {
    const known = accounts.get(subject) ?? { underWay: 0, peak: 0, spent: [] };
    accounts.set(subject, known);
    return known;
  };
  return {
    limits,
    units: (generation, subject) =>
      [...accounts]
        .filter(([owner]) => subject === undefined || owner === subject)
        .reduce((sum, [, { spent }]) => sum + total(spent, generation), 0),
    peak: (subject) => accounts.get(subject)?.peak ?? 0,
    calls: (operation) => calls.get(operation) ?? 0,
    enter(subject, route) {
      const holder = account(subject);
      holder.peak = Math.max(holder.peak, holder.underWay + 1);
      if (holder.underWay >= limits.concurrentPerUser) {
        throw new GoogleError(429, "rateLimitExceeded", "Too many concurrent requests for user");
      }
      const at = clock().getTime();
      const [legacy, current] = route.units ?? [0, 0];
      const lately = holder.spent.filter((spending) => spending.at > at - MINUTE_MS);
      const price = limits.generation === "legacy" ? legacy : current;
      if (total(lately, limits.generation) + price > limits.unitsPerMinutePerUser) {
        throw new GoogleError(
          403,
          "rateLimitExceeded",
          "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user' of service 'gmail.googleapis.com'.",
        );
      }
      holder.spent.push({ at, units: { legacy, current } });
      calls.set(route.id, (calls.get(route.id) ?? 0) + 1);
      holder.underWay += 1;
      return () => {
        holder.underWay -= 1;
      };
    },
  };
}

function total(spent: readonly Spending[], generation: QuotaGeneration): number {
  return spent.reduce((sum, spending) => sum + spending.units[generation], 0);
}
