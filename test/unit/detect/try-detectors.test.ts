import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DetectorDefinition } from "../../../src/core/policy.ts";
import { tryDetectors } from "../../../src/detect/try-detectors.ts";

const definition = (fields: Partial<DetectorDefinition> & { readonly id: string }): DetectorDefinition => ({
  description: "",
  exclude: [],
  mask: "keep-last-4",
  text: "normalised",
  ...fields,
});
const policyOf = (...detectors: readonly DetectorDefinition[]) =>
  ({ detectors, skipList: "default", testNumbers: "report" }) as const;

describe("trying the detectors of a policy", () => {
  it("tells for each pattern what it found, where, and which view it saw", () => {
    const policy = policyOf(
      definition({ id: "names", pattern: "project (falcon|osprey)" }),
      definition({ id: "keys", pattern: "KEY-[A-Z]{4}", text: "raw", mask: "full" }),
      definition({ id: "animals", words: ["zebra"] }),
    );
    const text = "The Project\r\nFALCON and KEY-ABCD";
    const [names, keys, animals, ...others] = tryDetectors(text, policy);
    expect(names).toMatchObject({ detector: "names", view: "normalised", count: 1, matched: 1, builtIn: false });
    expect(names?.seen).toContain("project falcon");
    expect(names?.found[0]).toMatchObject({ start: 4, end: 19, value: "Project\r\nFALCON", confidence: "medium" });
    expect(keys).toMatchObject({ view: "raw", seen: text, found: [{ value: "KEY-ABCD", masked: "********" }] });
    expect(animals).toMatchObject({ view: "normalised", count: 0, matched: null, found: [] });
    expect(others).toEqual([]);
  });

  it("tells what a validator and exclusions leave of the pattern's matches", () => {
    const luhn = definition({ id: "ours", pattern: "\\d{16}", validator: "luhn", exclude: ["4111111111111111"] });
    const [trial] = tryDetectors("5500005555555559 4111111111111111 5500005555555558", policyOf(luhn));
    expect(trial).toMatchObject({ matched: 3, count: 1, found: [{ masked: "************5559" }] });
  });

  it("adds the built-in detectors that find something, and the folded view that they see", () => {
    const trials = tryDetectors("card \uff14111 1111\u200b 1111 1111", policyOf());
    expect(trials).toMatchObject([{ detector: "credit-card", builtIn: true, view: "folded", count: 1 }]);
    expect(trials[0]?.seen).toBe("card 4111 1111 1111 1111");
    expect(trials[0]?.millisecondsPerMegabyte).toBeGreaterThan(0);
  });

  it("warns where the skip list changes a pattern", () => {
    const [trial] = tryDetectors("a", policyOf(definition({ id: "of-the", pattern: "end of the world" })));
    expect(trial?.warning).toContain("skip list");
  });

  it("finds nothing in no text, and leaves out what only the running service knows", () => {
    const known = definition({ id: "customers", exactData: "customers" });
    expect(tryDetectors("", policyOf(known))).toEqual([]);
  });

  it("reports places that hold the value, whatever the text", () => {
    const policy = policyOf(definition({ id: "digits", pattern: "\\d+" }));
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        for (const { found } of tryDetectors(text, policy))
          for (const { start, end, value } of found) expect(text.slice(start, end)).toBe(value);
      }),
      { numRuns: 10 },
    );
  });
});
