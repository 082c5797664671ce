import { setTimeout as delay } from "node:timers/promises";
import { PosternError } from "../../src/core/errors.ts";
import { onAbort } from "./abort.ts";

/**
 * Exchange answers 429 MailboxConcurrency above 4 calls at a time for one app and mailbox, and users saw it at 4:
 * learn.microsoft.com/graph/throttling-limits, "Limits per mailbox".
 */
const CALLS_PER_LANE = 3;
/** Lanes that are no mailbox. */
const WIDER_LANES: Readonly<Record<string, number>> = { subscriptions: 32, directory: 6 };
/**
 * How many calls may begin at once after a rest, and how many in a second from then on. A mailbox allows 10,000 calls in
 * ten minutes, the subscription service 1,000 writes in 20 s for an application and tenant: 5,000 + 600 s x 8 and
 * 100 + 20 s x 40 stay below. Same page, and throttling-limits "Subscription service limits".
 */
const MAILBOX_PACE: Pace = { burst: 5_000, perSecond: 8 };
const LANE_PACES: Readonly<Record<string, Pace>> = { subscriptions: { burst: 100, perSecond: 40 } };
/** Above this number idle lanes are forgotten. */
const LANES_KEPT = 20_000;
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

interface Pace {
  readonly burst: number;
  readonly perSecond: number;
}

/** One mailbox's share of calls, or the directory's. */
interface Lane {
  readonly width: number;
  readonly pace: Pace;
  /** When the lane's calls would be over at its pace, one after another (generic cell rate algorithm, ITU-T I.371). */
  paidUntil: number;
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
    if (lanes.size >= LANES_KEPT) forgetIdle();
    const lane = {
      width: WIDER_LANES[name] ?? CALLS_PER_LANE,
      pace: LANE_PACES[name] ?? MAILBOX_PACE,
      paidUntil: 0,
      active: 0,
      waiting: 0,
      heldUntil: 0,
    };
    lanes.set(name, lane);
    return lane;
  }

  function forgetIdle(): void {
    for (const [name, lane] of lanes)
      if (lane.waiting === 0 && Math.max(lane.heldUntil, lane.paidUntil) <= timing.now()) lanes.delete(name);
  }

  /** Takes the lane's next place in time and waits for it; one that is too far away is not taken. */
  async function waitForPace(lane: Lane, signal: AbortSignal): Promise<void> {
    const { burst, perSecond } = lane.pace;
    const each = 1_000 / perSecond;
    const paid = Math.max(lane.paidUntil, timing.now()) + each;
    const wait = paid - burst * each - timing.now();
    if (wait > PATIENCE_MS) throw resting(wait);
    lane.paidUntil = paid;
    if (wait > 0) await timing.sleep(wait, signal);
  }

  function resting(ms: number): PosternError {
    return new PosternError("PROVIDER_THROTTLED", "Microsoft Graph asked for a rest", {
      retryAfterMs: Math.ceil(ms + timing.random() * 1_000),
    });
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
      if (left > PATIENCE_MS) throw resting(left);
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
      };
      try {
        await waitForPace(lane, signal);
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
