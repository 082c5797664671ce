import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createThrottle, readRetryAfter, type Timing } from "../../../connectors/microsoft365/throttle.ts";

/** Time that moves only when somebody sleeps. */
function fakeTiming(): Timing & { readonly slept: number[] } {
  let now = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    random: () => 0.5,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
  };
}

const { signal } = new AbortController();

describe("throttle", () => {
  it("lets three calls of a mailbox run at a time, and others meanwhile", async () => {
    const throttle = createThrottle(fakeTiming());
    const first = await Promise.all([1, 2, 3].map(() => throttle.turn("ann", signal)));
    let fourth: (() => void) | undefined;
    const waiting = throttle.turn("ann", signal).then((done) => {
      fourth = done;
    });
    const other = await throttle.turn("bob", signal);
    expect(fourth).toBeUndefined();
    first[0]?.();
    await waiting;
    expect(fourth).toBeDefined();
    other();
  });

  it("begins no call of a mailbox before its rest is over, and spreads those who wait", async () => {
    const timing = fakeTiming();
    const throttle = createThrottle(timing);
    throttle.hold("ann", 2_000);
    (await throttle.turn("ann", signal))();
    expect(timing.now()).toBeGreaterThanOrEqual(2_000);
    expect(timing.slept).toEqual([2_125]);
  });

  it("sends a long rest back to the queue instead of waiting", async () => {
    const timing = fakeTiming();
    const throttle = createThrottle(timing);
    throttle.hold("ann", 30_000);
    await expect(throttle.turn("ann", signal)).rejects.toMatchObject({
      code: "PROVIDER_THROTTLED",
      retry: { afterMs: 30_500 },
      counts: false,
    });
    expect(timing.slept).toEqual([]);
    expect(throttle.isShort(30_000)).toBe(false);
  });

  it("forgets a caller that gives up while it waits", async () => {
    const throttle = createThrottle(fakeTiming());
    const running = await Promise.all([1, 2, 3].map(() => throttle.turn("ann", signal)));
    const stop = new AbortController();
    const stopped = throttle.turn("ann", stop.signal);
    const next = throttle.turn("ann", signal);
    stop.abort(new Error("stopped"));
    await expect(stopped).rejects.toThrow("stopped");
    running[0]?.();
    (await next)();
  });

  it("never exceeds the width of a lane and serves everybody, whatever the order", async () => {
    const calls = fc.array(
      fc.record({ lane: fc.constantFrom("a", "b", "c"), rounds: fc.integer({ min: 0, max: 4 }) }),
      {
        maxLength: 40,
      },
    );
    await fc.assert(
      fc.asyncProperty(calls, async (plan) => {
        const throttle = createThrottle(fakeTiming());
        const active = new Map<string, number>();
        let worst = 0;
        await Promise.all(
          plan.map(async ({ lane, rounds }) => {
            const done = await throttle.turn(lane, signal);
            const running = (active.get(lane) ?? 0) + 1;
            active.set(lane, running);
            worst = Math.max(worst, running);
            for (let round = 0; round < rounds; round += 1) await Promise.resolve();
            active.set(lane, (active.get(lane) ?? 0) - 1);
            done();
          }),
        );
        expect(worst).toBeLessThanOrEqual(3);
        expect([...active.values()].every((count) => count === 0)).toBe(true);
      }),
    );
  });

  it("doubles its own rests where the service names none", () => {
    const throttle = createThrottle(fakeTiming());
    expect([1, 2, 3].map((tries) => throttle.rest(null, tries))).toEqual([1_000, 2_000, 4_000]);
    expect(throttle.rest("2.128", 1)).toBe(2_128);
  });
});

describe("Retry-After", () => {
  it("is read as seconds, fractional too, never early", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 3_600, noNaN: true }), (seconds) => {
        const ms = readRetryAfter(String(seconds));
        expect(ms).toBeGreaterThanOrEqual(seconds * 1_000);
        expect(ms).toBeLessThan(seconds * 1_000 + 1.001);
      }),
    );
  });

  it("is read as a date, and is nothing when it is neither", () => {
    expect(readRetryAfter(new Date(Date.now() + 10_000).toUTCString())).toBeGreaterThan(8_000);
    expect(readRetryAfter("Thu, 01 Jan 1970 00:00:00 GMT")).toBe(0);
    expect([null, "", " ", "soon"].map(readRetryAfter)).toEqual([undefined, undefined, undefined, undefined]);
  });
});
