import { describe, expect, it } from "vitest";
import { printEffective } from "../../../src/cli/policy-explain.ts";
import { effectiveFor } from "../../../src/http/api/settings.ts";
import { loadPolicy } from "../../../src/policy/load.ts";
import { vocabulary } from "../policy/vocabulary.ts";

describe("postern policy explain", () => {
  it("prints each value with its scope, and the rules in their order", () => {
    const loaded = loadPolicy(
      `rules:
  - { id: a, description: Large mail, when: { largerThan: 1 }, action: warn }
  - { id: b, when: { largerThan: 2 }, action: block, monitor: true }
scopes:
  global: { rules: [b, a], settings: { dlp.managers: [x@corp.example, manager-of-sender] } }
  'user:ann@corp.example': { settings: { dlp.enabled: false } }
`,
      "yaml",
      vocabulary,
    );
    if (!loaded.ok) throw new Error("the test's policy has faults");
    const lines: string[] = [];
    printEffective(effectiveFor(loaded.policy, "Ann@corp.example"), (line) => lines.push(line));
    expect(lines[0]).toBe("sender\tann@corp.example");
    expect(lines).toContain("dlp.enabled\tfalse\tuser:ann@corp.example");
    expect(lines).toContain("dlp.managers\tx@corp.example,manager-of-sender\tglobal");
    expect(lines).toContain("quarantine.on-error\tfalse\tdefault");
    expect(lines.slice(-3)).toEqual(["rules\t2\tglobal", "  b\tblock (monitor only)\t", "  a\twarn\tLarge mail"]);
  });
});
