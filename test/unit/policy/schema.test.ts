import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { exportPolicy } from "../../../src/policy/export.ts";
import { policyJsonSchema } from "../../../src/policy/schema.ts";
import { starterPolicy } from "../../../src/policy/starter.ts";
import { policy } from "./arbitrary.ts";

const validate = new Ajv2020({ strict: true }).compile(policyJsonSchema);

describe("the policy's JSON Schema", () => {
  it("accepts the starter policy and whatever export writes", () => {
    expect(validate(parse(starterPolicy()))).toBe(true);
    fc.assert(
      fc.property(policy, (some) => {
        const rules = some.rules.map((rule) => ({ ...rule, when: { ...rule.when, detectors: [] } }));
        expect(validate(JSON.parse(exportPolicy({ ...some, rules }, "json")))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    [{ version: 2 }],
    [{ rulez: [] }],
    [{ rules: [{ id: "r", when: {}, action: "explode" }] }],
    [{ rules: [{ id: "r", when: { detectors: [{ detector: "x", threshold: -1 }] }, action: "warn" }] }],
    [{ scopes: { global: { settings: { "dlp.enabled": "yes" } } } }],
  ])("refuses %j", (document) => {
    expect(validate(document)).toBe(false);
  });
});
