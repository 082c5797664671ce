import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareVerdicts, strictest, VERDICTS } from "../../../src/core/verdict.ts";

const verdict = fc.constantFrom(...VERDICTS);

describe("strictest", () => {
  it("is associative, commutative and idempotent, with allow as its neutral element", () => {
    fc.assert(
      fc.property(verdict, verdict, verdict, (a, b, c) => {
        expect(strictest([strictest([a, b]), c])).toBe(strictest([a, strictest([b, c])]));
        expect(strictest([a, b])).toBe(strictest([b, a]));
        expect(strictest([a, a])).toBe(a);
        expect(strictest([a, "allow"])).toBe(a);
      }),
    );
    expect(strictest([])).toBe("allow");
  });

  it("never is weaker than any of its verdicts", () => {
    fc.assert(
      fc.property(fc.array(verdict), (all) => {
        const worst = strictest(all);
        for (const each of all) expect(compareVerdicts(worst, each)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
