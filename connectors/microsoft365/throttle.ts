import { setTimeout as delay } from "node:timers/promises";
import { PosternError } from "../../src/core/errors.ts";
import { onAbort } from "./abort.ts";

/**
 * Exchange answers 429 MailboxConcurrency above 4 calls at a time for one app and mailbox, and users saw it at 4:
 * learn.microsoft.com/graph/throttling-limits, "Limits per mailbox".
 */
const CALLS_PER_LANE = 3;
/** Lanes that are no mailbox; the subscription service allows 1,000 writes in 20 s for an application and tenant. */
const WIDER_LANES: Readonly<Record<string, number>> = { subscriptions: 16, directory: 6 };
/** Calls of one tenant at a time: 130,000 calls per 10 s and app leave room; this guards our own sockets and memory. */
const CALLS_IN_ALL = 48;
/** A wait up to this long (ms) happens here; a longer one goes back to the queue, so that no worker sleeps. */
const PATIENCE_MS = 4_000;
/** First wait (ms) where Retry-After is missing; doubled each time, at most two minutes. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 120_000;

/** Time as the throttle sees it; tests pass their own. */
export interface Timing {
  /** Milliseconds that never go back. */
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** 0 up to 1. */
  random(): number;
}

export const REAL_TIMING: Timing = {
  now: () => performance.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, { signal });
  },
  random: Math.random,
};

/** One mailbox's share of calls, or the directory's. */
interface Lane {
  readonly width: number;
  active: number;
  waiting: number;
  heldUntil: number;
}

export interface Throttle {
  /**
   * Waits until the lane may be called and returns the function that ends the turn.
   * @throws PosternError PROVIDER_THROTTLED when the provider asked for a longer rest than a worker should wait.
   */
  turn(lane: string, signal: AbortSignal): Promise<() => void>;
  /** No call of the lane begins before `ms` have passed. */
  hold(lane: string, ms: number): void;
  /** How long to rest after the `tries`-th refusal (from 1), in ms. `retryAfter` is the header's text. */
  rest(retryAfter: string | null, tries: number): number;
  /** True when a rest of this length is waited for on the spot. */
  isShort(ms: number): boolean;
}

export function createThrottle(timing: Timing = REAL_TIMING): Throttle {
  const lanes = new Map<string, Lane>();
  const queue: { readonly lane: Lane; readonly start: () => void }[] = [];
  let active = 0;

  function laneOf(name: string): Lane {
    const known = lanes.get(name);
    if (known !== undefined) return known;
    const lane = { width: WIDER_LANES[name] ?? CALLS_PER_LANE, active: 0, waiting: 0, heldUntil: 0 };
    lanes.set(name, lane);
    return lane;
  }

  const isFree = (lane: Lane) => lane.active < lane.width && active < CALLS_IN_ALL;

  function release(lane: Lane): void {
    lane.active -= 1;
    active -= 1;
    const next = queue.findIndex((entry) => isFree(entry.lane));
    if (next >= 0) queue.splice(next, 1)[0]?.start();
  }

  function enter(lane: Lane): void {
    lane.active += 1;
    active += 1;
  }

  async function waitForPlace(lane: Lane, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (isFree(lane)) return enter(lane);
    await new Promise<void>((resolve, reject) => {
      const ignore = onAbort(signal, () => {
        queue.splice(queue.indexOf(entry), 1);
        reject(signal.reason);
      });
      const entry = {
        lane,
        start: () => {
          ignore();
          enter(lane);
          resolve();
        },
      };
      queue.push(entry);
    });
  }

  async function waitForRest(lane: Lane, signal: AbortSignal): Promise<void> {
    for (let left = lane.heldUntil - timing.now(); left > 0; left = lane.heldUntil - timing.now()) {
      if (left > PATIENCE_MS) {
        throw new PosternError("PROVIDER_THROTTLED", "Microsoft Graph asked for a rest", {
          retryAfterMs: Math.ceil(left + timing.random() * 1_000),
        });
      }
      // Spread those who wait for the same moment.
      await timing.sleep(left + timing.random() * 250, signal);
    }
  }

  return {
    async turn(name, signal) {
      signal.throwIfAborted();
      const lane = laneOf(name);
      lane.waiting += 1;
      const leave = () => {
        lane.waiting -= 1;
        if (lane.waiting === 0 && lane.heldUntil <= timing.now()) lanes.delete(name);
      };
      try {
        await waitForRest(lane, signal);
        await waitForPlace(lane, signal);
        while (lane.heldUntil > timing.now()) {
          release(lane);
          await waitForRest(lane, signal);
          await waitForPlace(lane, signal);
        }
      } catch (error) {
        leave();
        throw error;
      }
      return () => {
        release(lane);
        leave();
      };
    },

    hold(name, ms) {
      const lane = laneOf(name);
      lane.heldUntil = Math.max(lane.heldUntil, timing.now() + ms);
    },

    rest(retryAfter, tries) {
      const asked = readRetryAfter(retryAfter);
      if (asked !== undefined) return asked;
      const wait = Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS);
      return Math.round(wait * (0.75 + timing.random() / 2));
    },

    isShort: (ms) => ms <= PATIENCE_MS,
  };
}

/** Milliseconds; seconds may be fractional (`2.128`) or a date (RFC 9110 section 10.2.3). */
export function readRetryAfter(text: string | null): number | undefined {
  if (text === null || text.trim() === "") return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, Math.ceil(seconds * 1_000));
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
