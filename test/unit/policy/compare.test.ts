import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparePolicies } from "../../../src/policy/compare.ts";
import { policy } from "./arbitrary.ts";
import { policyOf } from "./fixture.ts";

describe("the difference between two policies", () => {
  it("names what was added, removed and changed, down to the field", () => {
    const before = policyOf(`
detectors: [{ id: a, words: [x] }, { id: gone, words: [x] }]
rules: [{ id: r, when: { detectors: [{ detector: a }] }, action: warn }]
scopes: { global: { rules: [r], settings: { dlp.enabled: true } } }`);
    const after = policyOf(`
detectors: [{ id: a, words: [x, y] }]
groups: [{ id: new, detectors: [a] }]
rules: [{ id: r, when: { detectors: [{ detector: a, threshold: 3 }] }, action: block }]
scopes: { global: { rules: [r], settings: { dlp.enabled: false } } }
skipList: []`);
    expect(comparePolicies(before, after)).toEqual([
      { kind: "general", name: "skipList", change: "changed", fields: [] },
      { kind: "detector", name: "a", change: "changed", fields: ["words"] },
      { kind: "detector", name: "gone", change: "removed", fields: [] },
      { kind: "group", name: "new", change: "added", fields: [] },
      { kind: "rule", name: "r", change: "changed", fields: ["when.detectors", "action"] },
      { kind: "scope", name: "global", change: "changed", fields: ["settings.dlp.enabled"] },
    ]);
  });

  it("is none for a policy and itself, and mirrors when the two are swapped", () => {
    fc.assert(
      fc.property(policy, policy, (one, two) => {
        expect(comparePolicies(one, one)).toEqual([]);
        const names = (changes: ReturnType<typeof comparePolicies>) =>
          changes.map((each) => `${each.kind} ${each.name}`);
        expect(names(comparePolicies(two, one)).toSorted()).toEqual(names(comparePolicies(one, two)).toSorted());
      }),
      { numRuns: 100 },
    );
  });
});
