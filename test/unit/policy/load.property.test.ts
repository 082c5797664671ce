import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { loadPolicy, type PolicyFault } from "../../../src/policy/load.ts";
import { vocabulary } from "./vocabulary.ts";

const KEYS = [
  "version internalDomains detectors groups rules scopes skipList id pattern words near when recipients are domains",
  "threshold detector group action settings dlp.enabled global user:ann@corp.example tell __proto__ constructor",
]
  .join(" ")
  .split(" ");
const VALUES = ["credit-card", "block", "external", "default", "*x", "a@b.example", "", "(?=x)"];

/** Documents whose keys are right and whose shapes are anything. */
const document = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom<unknown>(...VALUES, null, true, 0, -1, 1.5),
    fc.array(tie("value"), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.constantFrom(...KEYS), tie("value")), { maxLength: 6 })
      .map((pairs) => Object.fromEntries(pairs)),
  ),
})).value;

function faultsOf(text: string, format: "yaml" | "json"): readonly PolicyFault[] {
  const loaded = loadPolicy(text, format, vocabulary);
  return loaded.ok ? loaded.warnings : loaded.faults;
}

function expectPlaces(text: string, faults: readonly PolicyFault[]): void {
  const lines = text.split("\n");
  for (const { line, column, reason } of faults) {
    expect(lines[line - 1]).toBeDefined();
    expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
    expect(reason).not.toBe("");
  }
}

describe("loading", () => {
  it("answers any document with a policy or with faults inside of it", () => {
    fc.assert(
      fc.property(document, fc.constantFrom("yaml", "json"), (value, format) => {
        const text = format === "json" ? JSON.stringify(value, null, 1) : stringify(value);
        expectPlaces(text, faultsOf(text, format));
      }),
      { numRuns: 200 },
    );
  });

  it("answers any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), fc.constantFrom("yaml", "json"), (text, format) => {
        expectPlaces(text, faultsOf(text, format));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ["flow sequences", "[".repeat(20_000) + "]".repeat(20_000)],
    ["flow maps", "{a: ".repeat(20_000)],
    ["sequences in a row", "- ".repeat(20_000)],
    ["maps in a row", "a: ".repeat(20_000)],
    ["keys", "? ".repeat(20_000)],
    ["lines", Array.from({ length: 500 }, (_, index) => `${" ".repeat(index)}a:`).join("\n")],
  ])("refuses endlessly nested %s before they are parsed", (_name, text) => {
    const [fault] = faultsOf(text, "yaml");
    expect(fault?.reason).toBe("nested more than 64 levels deep");
  });

  it("refuses a text that is too long, or that has aliases without end", () => {
    expect(faultsOf("#".repeat(4_000_001), "yaml")[0]?.reason).toBe("a policy has at most 4000000 characters");
    expect(faultsOf(`a: &a x\nb: [${"*a, ".repeat(101)}]`, "yaml")[0]?.reason).toBe("more than 100 aliases");
  });
});
