import type { SeenRequest } from "./seen.ts";

/** What is done to a request or its answer. */
export type FaultEffect =
  /** Answers this and does nothing else. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly reason?: string;
      readonly message?: string;
      /** Instead of Google's error shape; a string is sent as it is. */
      readonly body?: object | string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Waits, then goes on. */
  | { readonly kind: "delay"; readonly ms: number }
  /** Waits for `release` before anything is applied; a caller that hangs up meanwhile has done nothing. */
  | { readonly kind: "hold" }
  /** Applies the request, then waits for `release` before the answer is sent. */
  | { readonly kind: "withhold" }
  /** Cuts the connection: before anything is applied, or after so many bytes of the answer. */
  | { readonly kind: "reset"; readonly when: "before" | "after"; readonly bytes?: number }
  /** Sends the answer so many bytes at a time. */
  | { readonly kind: "drip"; readonly bytes: number; readonly everyMs: number }
  /** States a longer Content-Length than it sends, then ends. */
  | { readonly kind: "short-body" };

export interface FaultRule {
  /** All that are given must fit. */
  readonly match?: {
    readonly service?: SeenRequest["service"];
    readonly operation?: string;
    readonly method?: string;
    /** Tried on path and query. */
    readonly path?: RegExp;
    /** Whom the token impersonates. */
    readonly subject?: string;
  };
  /** How often it strikes; default once. */
  readonly times?: number;
  /** One of so many fitting requests is struck, the first one first; default each. */
  readonly every?: number;
  readonly effect: FaultEffect;
}

/** A rule under way. */
export interface Fault {
  readonly hits: number;
  /** Resolves when the rule has struck so often (default once). */
  arrived(count?: number): Promise<void>;
  /** Lets held and withheld requests go on, and later ones of this rule pass. */
  release(): void;
  /** Ends the rule and releases what it holds. */
  remove(): void;
}

export interface Faults {
  add(rule: FaultRule): Fault;
  /** Ends all rules. */
  clear(): void;
  /** The effect that a request meets, and what it waits for when it is held. */
  strike(seen: SeenRequest): Struck | null;
}

export interface Struck {
  readonly effect: FaultEffect;
  readonly released: Promise<void>;
}

interface Live {
  readonly rule: FaultRule;
  readonly released: Promise<void>;
  readonly release: () => void;
  readonly waiters: { readonly count: number; readonly resolve: () => void }[];
  fitting: number;
  hits: number;
}

export function createFaults(): Faults {
  const live = new Set<Live>();
  const end = (entry: Live): void => {
    live.delete(entry);
    entry.release();
  };
  return {
    add(rule) {
      const entry = newLive(rule);
      live.add(entry);
      return {
        get hits() {
          return entry.hits;
        },
        arrived: (count = 1) =>
          entry.hits >= count ? Promise.resolve() : new Promise((resolve) => entry.waiters.push({ count, resolve })),
        release: entry.release,
        remove: () => end(entry),
      };
    },
    clear() {
      for (const entry of [...live]) end(entry);
    },
    strike(seen) {
      for (const entry of live) {
        if (!fits(entry.rule, seen) || entry.hits >= (entry.rule.times ?? 1)) continue;
        entry.fitting += 1;
        if ((entry.fitting - 1) % (entry.rule.every ?? 1) !== 0) continue;
        entry.hits += 1;
        for (const waiter of entry.waiters.filter(({ count }) => count <= entry.hits)) waiter.resolve();
        return { effect: entry.rule.effect, released: entry.released };
      }
      return null;
    },
  };
}

function newLive(rule: FaultRule): Live {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { rule, released, release, waiters: [], fitting: 0, hits: 0 };
}

function fits(rule: FaultRule, seen: SeenRequest): boolean {
  const { service, operation, method, path, subject } = rule.match ?? {};
  const target = `${seen.path}?${new URLSearchParams(seen.query.map(([name, value]) => [name, value]))}`;
  return (
    (service === undefined || service === seen.service) &&
    (operation === undefined || operation === seen.operation) &&
    (method === undefined || method === seen.method) &&
    (path === undefined || path.test(target)) &&
    (subject === undefined || subject === seen.subject)
  );
}
