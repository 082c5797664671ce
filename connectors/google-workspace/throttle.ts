import { setTimeout as sleep } from "node:timers/promises";
import { PosternError } from "../../src/core/errors.ts";

export interface Throttle {
  /**
   * Waits for a free lane, for quota and for the end of a pause; resolves with the function that frees the lane.
   * @throws PosternError PROVIDER_THROTTLED when it would be a long wait: the job comes back later instead.
   */
  enter(mailbox: string, units: number, signal: AbortSignal): Promise<() => void>;
  /** Google asked to slow down. `waitMs` null: our own back-off. */
  pause(mailbox: string, waitMs: number | null, level: "mailbox" | "project"): void;
  /** A call went well: the back-off starts from the beginning. */
  succeed(mailbox: string): void;
}

export interface ThrottleOptions {
  /** Units per mailbox and minute: 6,000 for projects since May 2026. */
  readonly unitsPerMailbox: number;
  /** Units per project and minute. */
  readonly unitsPerProject: number;
  /**
   * Calls at the same time in one mailbox. Google publishes no number and counts the user's other clients too; 2 for
   * each of two worker processes stays within 4, and the units allow only 5 reads a second anyway.
   */
  readonly lanes: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** 0 to 1. */
  readonly random: () => number;
}

export const THROTTLE_DEFAULTS: ThrottleOptions = {
  unitsPerMailbox: 6_000,
  unitsPerProject: 1_200_000,
  lanes: 2,
  now: () => performance.now(),
  wait: async (ms, signal) => {
    await sleep(ms, undefined, { signal });
  },
  random: Math.random,
};

/** A worker waits so long in place; longer waits go back to the queue. */
const PATIENCE_MS = 5_000;
/** Back-off of the handle-errors guide: from 1 s, doubling, at most 64 s. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 64_000;
/** The minute of the quota and the second that one entry of the account spans. */
const WINDOW_MS = 61_000;

/** Two levels: the mailbox (lanes, units, pauses) and the project (units, pauses). */
export function openThrottle(options: ThrottleOptions = THROTTLE_DEFAULTS): Throttle {
  const { now, wait, random } = options;
  const project = new Pace(options.unitsPerProject, Number.POSITIVE_INFINITY);
  const mailboxes = new Map<string, Pace>();

  return {
    async enter(mailbox, units, signal) {
      const pace = paceOf(mailbox);
      await pace.takeLane(signal);
      try {
        await waitForTurn(pace, units, signal);
      } catch (error) {
        pace.freeLane();
        throw error;
      }
      return () => pace.freeLane();
    },
    pause(mailbox, waitMs, level) {
      const pace = level === "project" ? project : paceOf(mailbox);
      const backOff = Math.min(FIRST_PAUSE_MS * 2 ** pace.refusals, LONGEST_PAUSE_MS);
      pace.refusals += 1;
      // Jitter only adds: never before the time that Google stated.
      pace.pausedUntil = Math.max(pace.pausedUntil, now() + (waitMs ?? backOff) + random() * FIRST_PAUSE_MS);
    },
    succeed(mailbox) {
      paceOf(mailbox).refusals = 0;
      project.refusals = 0;
    },
  };

  function paceOf(mailbox: string): Pace {
    let pace = mailboxes.get(mailbox);
    if (pace === undefined) {
      pace = new Pace(options.unitsPerMailbox, options.lanes);
      mailboxes.set(mailbox, pace);
    }
    return pace;
  }

  async function waitForTurn(pace: Pace, units: number, signal: AbortSignal): Promise<void> {
    let waited = 0;
    for (;;) {
      signal.throwIfAborted();
      const ms = Math.max(pace.delay(units, now()), project.delay(units, now()));
      if (ms <= 0) break;
      if (waited + ms > PATIENCE_MS) {
        throw new PosternError("PROVIDER_THROTTLED", "The call must wait for Gmail's limits", {
          retryAfterMs: Math.ceil(ms),
          details: { reason: "paced" },
        });
      }
      await wait(ms, signal);
      waited += ms;
    }
    pace.spend(units, now());
    project.spend(units, now());
  }
}

/** Units of the last minute, lanes and pauses of one level. */
class Pace {
  pausedUntil = 0;
  refusals = 0;
  readonly #limit: number;
  #freeLanes: number;
  readonly #queue: (() => void)[] = [];
  #spent: { readonly at: number; units: number }[] = [];

  constructor(limit: number, lanes: number) {
    this.#limit = limit;
    this.#freeLanes = lanes;
  }

  /** Milliseconds until so many units may be spent. */
  delay(units: number, now: number): number {
    this.#spent = this.#spent.filter(({ at }) => at > now - WINDOW_MS);
    let over = this.#spent.reduce((sum, one) => sum + one.units, units) - this.#limit;
    let free = now;
    for (const one of this.#spent) {
      if (over <= 0) break;
      over -= one.units;
      free = one.at + WINDOW_MS;
    }
    return Math.max(free, this.pausedUntil) - now;
  }

  spend(units: number, now: number): void {
    const last = this.#spent.at(-1);
    // A second's spending is one entry, so that a busy project stays cheap.
    if (last !== undefined && now - last.at < 1_000) last.units += units;
    else this.#spent.push({ at: now, units });
  }

  async takeLane(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#freeLanes > 0) {
      this.#freeLanes -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const enter = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        this.#queue.splice(this.#queue.indexOf(enter), 1);
        reject(signal.reason);
      };
      this.#queue.push(enter);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  freeLane(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#freeLanes += 1;
    else next();
  }
}
