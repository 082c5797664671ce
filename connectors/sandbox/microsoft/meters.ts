import { GraphError } from "./graph-error.ts";
import type { Quirks } from "./quirks.ts";

/** What one mailbox was asked, by one application. */
export interface MailboxMeter {
  /** Requests that came in, refused ones too. */
  readonly calls: number;
  /** Most requests under way at the same time, refused ones left out. */
  readonly peak: number;
  /** Requests answered with 429. */
  readonly refused: number;
}

interface Running {
  calls: number;
  peak: number;
  refused: number;
  active: number;
  windowStart: number;
  windowCalls: number;
}

/** Outlook's window for counting requests in milliseconds. */
const windowMs = 600_000;

export interface Meters {
  /** The meter of a mailbox by address; zeros when it was never asked. */
  mailbox(address: string): MailboxMeter;
  /** Requests of all kinds. */
  readonly requests: number;
}

export interface Throttle extends Meters {
  requests: number;
  /** Enters a mailbox. @returns how to leave it. @throws GraphError 429 ApplicationThrottled. */
  enter(address: string): () => void;
}

/** Limits per application and mailbox (throttling limits, Outlook). Refused requests count too. */
export function createThrottle(quirks: Quirks, now: () => Date): Throttle {
  const meters = new Map<string, Running>();
  const meterOf = (address: string): Running => {
    const known = meters.get(address);
    if (known) return known;
    const fresh = { calls: 0, peak: 0, refused: 0, active: 0, windowStart: now().getTime(), windowCalls: 0 };
    meters.set(address, fresh);
    return fresh;
  };
  return {
    requests: 0,
    mailbox: (address) => {
      const { calls, peak, refused } = meters.get(address.toLowerCase()) ?? { calls: 0, peak: 0, refused: 0 };
      return { calls, peak, refused };
    },
    enter: (address) => {
      const meter = meterOf(address);
      const at = now().getTime();
      if (at - meter.windowStart >= windowMs) Object.assign(meter, { windowStart: at, windowCalls: 0 });
      meter.calls += 1;
      meter.windowCalls += 1;
      if (meter.active >= quirks.maxConcurrentPerMailbox) {
        meter.refused += 1;
        throw throttled("Application is over its MailboxConcurrency limit.", quirks);
      }
      if (meter.windowCalls > quirks.maxRequestsPerTenMinutes) {
        meter.refused += 1;
        throw throttled("Application is over its request limit for the mailbox.", quirks);
      }
      meter.active += 1;
      meter.peak = Math.max(meter.peak, meter.active);
      let left = false;
      return () => {
        if (!left) meter.active -= 1;
        left = true;
      };
    },
  };
}

function throttled(message: string, quirks: Quirks): GraphError {
  const wait = quirks.retryAfterSeconds;
  return new GraphError(429, "ApplicationThrottled", message, wait === null ? {} : { "Retry-After": String(wait) });
}
