import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ERROR_KINDS, type ErrorCode, PosternError } from "../../../src/core/errors.ts";
import { retryDelay } from "../../../src/pipeline/retry.ts";

describe("retryDelay", () => {
  it("asks for fresh mail after 2, 10 and 50 seconds", () => {
    const missing = new PosternError("MESSAGE_NOT_FOUND", "not there yet");
    expect([1, 2, 3].map((attempt) => retryDelay(missing, attempt, () => 0))).toEqual([2_000, 10_000, 50_000]);
  });

  it("never comes back before the provider allows, nor much later than it must", () => {
    const codes = Object.keys(ERROR_KINDS) as ErrorCode[];
    fc.assert(
      fc.property(
        fc.constantFrom(...codes),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(3_600_000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (code, attempt, asked, random) => {
          const delay = retryDelay(new PosternError(code, "", { retryAfterMs: asked }), attempt, () => random);
          expect(delay).toBeGreaterThanOrEqual(asked);
          expect(delay).toBeLessThanOrEqual(Math.max(asked, 300_000) * 1.25 + 1);
        },
      ),
    );
  });
});
