import { describe, expect, it } from "vitest";
import type { ChildPool, RunResult } from "../../../src/extract/child-pool.ts";
import { runWithoutKillers } from "../../../src/extract/isolate.ts";
import { DEFAULT_LIMITS } from "../../../src/extract/limits.ts";
import type { Skip } from "../../../src/extract/walk.ts";

/** A pool whose only child dies on the given units, in their order, until it is told to skip them. */
function poolThatDiesOn(deadly: readonly number[]): ChildPool<readonly Skip[], string> {
  return {
    run(skip): Promise<RunResult<string>> {
      const next = deadly.find((index) => !skip.some((skipped) => skipped.index === index));
      if (next === undefined)
        return Promise.resolve({ ok: true, reply: skip.map(({ index, code }) => `${index} ${code}`).join() });
      return Promise.resolve({ ok: false, reason: "memory", progress: { index: next, path: `attachment:${next}` } });
    },
    close: () => Promise.resolve(),
  };
}

const signal = new AbortController().signal;

describe("runWithoutKillers", () => {
  it("leaves out one killer after another and returns what is left", async () => {
    const result = await runWithoutKillers(poolThatDiesOn([3, 7]), (skip) => [...skip], DEFAULT_LIMITS, signal);
    expect(result).toEqual({ ok: true, reply: "3 too-large,7 too-large" });
  });

  it("gives an input up after five deaths", async () => {
    const result = await runWithoutKillers(
      poolThatDiesOn([1, 2, 3, 4, 5, 6]),
      (skip) => [...skip],
      DEFAULT_LIMITS,
      signal,
    );
    expect(result).toMatchObject({ ok: false, reason: "memory" });
  });
});
