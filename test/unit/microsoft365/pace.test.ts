import { setImmediate as turnOfLoop } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createThrottle, type Timing } from "../../../connectors/microsoft365/throttle.ts";

const { signal } = new AbortController();

/** Time that jumps to the next sleeper when nobody has anything to do now. */
function virtualTiming() {
  let now = 0;
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  const timing: Timing = {
    now: () => now,
    random: () => 0.5,
    sleep: (ms) =>
      new Promise((resolve) => {
        sleepers.push({ at: now + ms, wake: resolve });
      }),
  };
  async function run(work: Promise<unknown>): Promise<void> {
    let open = true;
    void work.finally(() => {
      open = false;
    });
    while (open) {
      await turnOfLoop();
      now = Math.max(now, Math.min(...sleepers.map(({ at }) => at)));
      for (const sleeper of sleepers.splice(0)) {
        if (sleeper.at <= now) sleeper.wake();
        else sleepers.push(sleeper);
      }
    }
    await work;
  }
  return { timing, run };
}

/** Most starts in any window of that length. */
function densest(starts: readonly number[], windowMs: number): number {
  let from = 0;
  return Math.max(
    ...starts.map((start, index) => {
      while ((starts[from] ?? 0) <= start - windowMs) from += 1;
      return index - from + 1;
    }),
  );
}

/** So many calls of a lane, each of so many milliseconds, by so many workers. */
async function begin(lane: string, calls: number, workers: number, lastsMs: number): Promise<readonly number[]> {
  const { timing, run } = virtualTiming();
  const throttle = createThrottle(timing);
  const starts: number[] = [];
  let left = calls;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const done = await throttle.turn(lane, signal);
      starts.push(timing.now());
      await timing.sleep(lastsMs, signal);
      done();
    }
  };
  await run(Promise.all(Array.from({ length: workers }, worker)));
  return starts;
}

describe("the pace of calls", () => {
  it("subscribes 5,000 mailboxes within ten minutes and never more than 1,000 in twenty seconds", async () => {
    // A creation takes long: the service validates two addresses meanwhile.
    const starts = await begin("subscriptions", 5_000, 32, 2_500);
    expect(starts.length).toBe(5_000);
    expect(starts.at(-1)).toBeLessThan(600_000);
    const quick = await begin("subscriptions", 5_000, 32, 20);
    expect(densest(quick, 20_000)).toBeLessThanOrEqual(1_000);
    expect(quick.at(-1)).toBeLessThan(150_000);
  });

  it("stays below 10,000 calls in ten minutes for a mailbox, however quick its answers are", async () => {
    const starts = await begin("ann", 12_000, 3, 10);
    expect(densest(starts, 600_000)).toBeLessThanOrEqual(10_000);
  });

  it("sends a caller whose time is far away back to the queue", async () => {
    const { timing, run } = virtualTiming();
    const throttle = createThrottle(timing);
    const turns = Array.from({ length: 5_200 }, async () => (await throttle.turn("ann", signal))());
    const settled = Promise.allSettled(turns);
    await run(settled);
    const refused = (await settled).filter(({ status }) => status === "rejected");
    expect(refused.length).toBeGreaterThan(100);
    for (const { reason } of refused as PromiseRejectedResult[])
      expect(reason).toMatchObject({ code: "PROVIDER_THROTTLED", counts: false });
  });
});
