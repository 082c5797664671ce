import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitsWildcard } from "../../../src/policy/wildcard.ts";

describe("a wildcard pattern", () => {
  it.each([
    ["*.xlsx", "Q3.XLSX", true],
    ["*.xlsx", "Q3.xlsx.pdf", false],
    ["a?c*", "abcd", true],
    ["a?c*", "ac", false],
    ["*", "", true],
    ["", "", true],
    ["", "a", false],
    ["image/*", "image/png", true],
    ["a.c", "abc", false],
    ["?", "é", true],
  ])("%j fits %j: %j", (pattern, text, fits) => {
    expect(fitsWildcard(pattern, text)).toBe(fits);
  });

  it("fits what an expression of the same meaning fits", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 8 });
    fc.assert(
      fc.property(pattern, letters, (glob, text) => {
        const expression = new RegExp(`^${glob.replace(/\*+/g, "[ab]*").replace(/\?/g, "[ab]")}$`);
        expect(fitsWildcard(glob, text)).toBe(expression.test(text));
      }),
      { numRuns: 1_000 },
    );
  });

  it("takes no more than pattern times text steps", () => {
    const start = performance.now();
    expect(fitsWildcard(`${"*a".repeat(200)}b`, "a".repeat(4_000))).toBe(false);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
