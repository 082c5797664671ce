import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openThrottle, THROTTLE_DEFAULTS } from "../../../connectors/google-workspace/throttle.ts";

const never = new AbortController().signal;

/** A throttle on a clock that moves only by its own waits. */
function openFake(
  limits: { readonly unitsPerMailbox?: number; readonly unitsPerProject?: number; readonly random?: number } = {},
) {
  let now = 0;
  const throttle = openThrottle({
    ...THROTTLE_DEFAULTS,
    ...limits,
    now: () => now,
    wait: async (ms) => {
      now += ms;
    },
    random: () => limits.random ?? 0,
  });
  const pass = (ms: number) => {
    now += ms;
  };
  return { throttle, now: () => now, pass };
}

describe("pacing", () => {
  it("lets two calls at once into a mailbox, the rest in their order", async () => {
    const { throttle } = openFake();
    const order: number[] = [];
    const free: (() => void)[] = [];
    const calls = [1, 2, 3, 4].map(async (n) => {
      free.push(await throttle.enter("ann", 1, never));
      order.push(n);
    });
    await Promise.all(calls.slice(0, 2));
    expect(order).toEqual([1, 2]);
    free[0]?.();
    await calls[2];
    expect(order).toEqual([1, 2, 3]);
    free[1]?.();
    await calls[3];
    expect(order).toEqual([1, 2, 3, 4]);
  });

  it("keeps mailboxes apart", async () => {
    const { throttle } = openFake();
    await throttle.enter("ann", 1, never);
    await throttle.enter("ann", 1, never);
    expect(await throttle.enter("bob", 1, never)).toBeTypeOf("function");
  });

  it("gives up a place in the queue when told to stop, without losing a lane", async () => {
    const { throttle } = openFake();
    const leave = [await throttle.enter("ann", 1, never), await throttle.enter("ann", 1, never)];
    const stop = new AbortController();
    const waiting = throttle.enter("ann", 1, stop.signal);
    stop.abort(new Error("stopped"));
    await expect(waiting).rejects.toThrow("stopped");
    for (const one of leave) one();
    expect(await Promise.all([throttle.enter("ann", 1, never), throttle.enter("ann", 1, never)])).toHaveLength(2);
  });

  it("never spends more than the limit in any minute, whatever comes", async () => {
    const calls = fc.array(
      fc.record({ units: fc.integer({ min: 0, max: 100 }), gap: fc.integer({ min: 0, max: 20_000 }) }),
      {
        maxLength: 60,
      },
    );
    await fc.assert(
      fc.asyncProperty(calls, async (sequence) => {
        const { throttle, now, pass } = openFake({ unitsPerMailbox: 200 });
        const spent: { at: number; units: number }[] = [];
        for (const { units, gap } of sequence) {
          pass(gap);
          const leave = await throttle.enter("ann", units, never).catch(() => undefined);
          if (leave === undefined) continue;
          spent.push({ at: now(), units });
          leave();
        }
        for (const { at } of spent) {
          const minute = spent.filter((one) => one.at > at - 60_000 && one.at <= at);
          expect(minute.reduce((sum, one) => sum + one.units, 0)).toBeLessThanOrEqual(200);
        }
      }),
    );
  });

  it("counts all mailboxes against the project", async () => {
    const { throttle } = openFake({ unitsPerProject: 100 });
    (await throttle.enter("ann", 60, never))();
    await expect(throttle.enter("bob", 60, never)).rejects.toMatchObject({ code: "PROVIDER_THROTTLED" });
  });
});

describe("a pause", () => {
  it("holds calls back until the stated time, jitter only after it", async () => {
    for (const random of [0, 0.99]) {
      const { throttle, now } = openFake({ random });
      throttle.pause("ann", 3_000, "mailbox");
      await throttle.enter("ann", 1, never);
      expect(now()).toBeGreaterThanOrEqual(3_000);
      expect(now()).toBeLessThan(4_000);
    }
  });

  it("gives the job back when it is long, with the time that is left, and no call is made", async () => {
    const { throttle, pass } = openFake();
    throttle.pause("ann", 30_000, "mailbox");
    pass(10_000);
    await expect(throttle.enter("ann", 1, never)).rejects.toMatchObject({
      code: "PROVIDER_THROTTLED",
      retry: { afterMs: 20_000 },
    });
    expect(await throttle.enter("bob", 1, never)).toBeTypeOf("function");
  });

  it("doubles with each refusal, up to a minute, and starts anew after a success", async () => {
    const { throttle, pass } = openFake();
    const wait = async () => {
      const error: unknown = await throttle.enter("ann", 1, never).catch((thrown: unknown) => thrown);
      return (error as { retry?: { afterMs: number } }).retry?.afterMs;
    };
    for (let i = 0; i < 4; i += 1) throttle.pause("ann", null, "mailbox");
    expect(await wait()).toBe(8_000);
    for (let i = 0; i < 10; i += 1) throttle.pause("ann", null, "mailbox");
    expect(await wait()).toBe(64_000);
    pass(70_000);
    throttle.succeed("ann");
    throttle.pause("ann", null, "mailbox");
    expect(await throttle.enter("ann", 1, never)).toBeTypeOf("function");
  });

  it("of the project holds every mailbox back", async () => {
    const { throttle } = openFake();
    throttle.pause("ann", 30_000, "project");
    await expect(throttle.enter("bob", 1, never)).rejects.toMatchObject({ code: "PROVIDER_THROTTLED" });
  });
});
