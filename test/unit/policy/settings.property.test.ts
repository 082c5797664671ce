import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Policy, Settings } from "../../../src/core/policy.ts";
import { effectiveSettings, explainSettings, selectedRules } from "../../../src/policy/settings.ts";
import { address, policy, scope } from "./arbitrary.ts";

const RUNS = { numRuns: 300 };
const withScope = (some: Policy, name: string, each: Omit<Policy["scopes"][number], "name">): Policy => ({
  ...some,
  scopes: [...some.scopes.filter((other) => other.name !== name), { name, ...each }],
});

describe("inheritance, for any policy and sender", () => {
  it("explains exactly the values that hold, each with a scope that has it", () => {
    fc.assert(
      fc.property(policy, address, (some, sender) => {
        const settings = effectiveSettings(some, sender);
        for (const [name, { value, origin }] of Object.entries(explainSettings(some, sender))) {
          expect(settings[name as keyof Settings]).toEqual(value);
          const scopeOfOrigin = some.scopes.find((each) => each.name === origin);
          if (origin !== "default") expect(scopeOfOrigin?.settings[name as keyof Settings]).toEqual(value);
        }
      }),
      RUNS,
    );
  });

  it("lets a user's scope win over all others", () => {
    fc.assert(
      fc.property(policy, address, scope, (some, sender, own) => {
        const changed = withScope(some, `user:${sender}`, own);
        expect(effectiveSettings(changed, sender)).toMatchObject(own.settings);
        if (own.rules !== undefined) {
          expect(selectedRules(changed, sender).rules.map((rule) => rule.id)).toEqual(own.rules);
        }
      }),
      RUNS,
    );
  });

  it("is not touched by the scopes of others", () => {
    fc.assert(
      fc.property(policy, address, scope, (some, sender, other) => {
        const changed = withScope(withScope(some, "user:zoe@corp.example", other), "domain:zoe.example", other);
        expect(effectiveSettings(changed, sender)).toEqual(effectiveSettings(some, sender));
        expect(selectedRules(changed, sender)).toEqual(selectedRules(some, sender));
      }),
      RUNS,
    );
  });

  it("does not depend on the order of the scopes", () => {
    fc.assert(
      fc.property(policy, address, (some, sender) => {
        const reversed = { ...some, scopes: some.scopes.toReversed() };
        expect(explainSettings(reversed, sender)).toEqual(explainSettings(some, sender));
        expect(selectedRules(reversed, sender)).toEqual(selectedRules(some, sender));
      }),
      RUNS,
    );
  });
});
