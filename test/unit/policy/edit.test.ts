import { describe, expect, it } from "vitest";
import { editPolicy } from "../../../src/policy/edit.ts";
import { loadPolicy } from "../../../src/policy/load.ts";
import { vocabulary } from "./vocabulary.ts";

const POLICY = `# house rules
version: 1
rules:
  # about cards
  - id: cards
    when: { detectors: [{ detector: credit-card }] }
    action: block
scopes:
  global: { rules: [cards], settings: { dlp.enabled: true } } # everybody
  'user:Ann@Corp.example': { rules: [] }
`;

function policyOf(source: string, format: "yaml" | "json" = "yaml") {
  const loaded = loadPolicy(source, format, vocabulary);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  return loaded.policy;
}

describe("changes to a written policy", () => {
  it("adds a detector, a rule and its selection, and keeps comments", () => {
    const edited = editPolicy(POLICY, "yaml", [
      { kind: "put", list: "detectors", id: "first", value: { pattern: "confidential|secret" } },
      {
        kind: "put",
        list: "rules",
        id: "first",
        value: { when: { detectors: [{ detector: "first" }] }, action: "must-encrypt" },
      },
      { kind: "scope", scope: "global", rules: ["cards", "first"] },
    ]);
    const policy = policyOf(edited);
    expect(policy.detectors).toMatchObject([{ id: "first", pattern: "confidential|secret" }]);
    expect(policy.rules.map((rule) => [rule.id, rule.action])).toEqual([
      ["cards", "block"],
      ["first", "must-encrypt"],
    ]);
    expect(policy.scopes[0]?.rules).toEqual(["cards", "first"]);
    for (const comment of ["# house rules", "# about cards", "# everybody"]) expect(edited).toContain(comment);
  });

  it("replaces an entry in its place; an id in the value does not rename it", () => {
    const value = { id: "other", when: { largerThan: 9 }, action: "warn" };
    const policy = policyOf(editPolicy(POLICY, "yaml", [{ kind: "put", list: "rules", id: "cards", value }]));
    expect(policy.rules.map((rule) => [rule.id, rule.action])).toEqual([["cards", "warn"]]);
  });

  it("removes an entry", () => {
    const edited = editPolicy(POLICY, "yaml", [
      { kind: "remove", list: "rules", id: "cards" },
      { kind: "scope", scope: "global", rules: [] },
    ]);
    expect(policyOf(edited).rules).toEqual([]);
  });

  it("finds a scope however its name is written, sets values and makes it inherit again", () => {
    const set = editPolicy(POLICY, "yaml", [
      { kind: "scope", scope: "user:ann@CORP.example", rules: null, settings: { "notify.digest-after": 3 } },
    ]);
    expect(policyOf(set).scopes).toMatchObject([
      { name: "global" },
      { name: "user:ann@corp.example", settings: { "notify.digest-after": 3 } },
    ]);
    expect(policyOf(set).scopes[1]).not.toHaveProperty("rules");
    const unset = editPolicy(set, "yaml", [
      { kind: "scope", scope: "user:ann@corp.example", settings: { "notify.digest-after": null } },
    ]);
    expect(policyOf(unset).scopes[1]?.settings).toEqual({});
  });

  it("makes scopes and lists that are not there, in JSON too", () => {
    const edited = editPolicy('{ "rules": [] }', "json", [
      { kind: "put", list: "rules", id: "big", value: { when: { largerThan: 1 }, action: "warn" } },
      { kind: "scope", scope: "domain:lab.example", rules: ["big"], settings: { "dlp.enabled": false } },
      { kind: "skip-list", words: ["the"] },
    ]);
    expect(policyOf(edited, "json")).toMatchObject({
      rules: [{ id: "big" }],
      scopes: [{ name: "domain:lab.example", rules: ["big"], settings: { "dlp.enabled": false } }],
      skipList: ["the"],
    });
  });

  it("writes a document with aliases out before it changes it", () => {
    const shared = "rules:\n  - &a { id: a, action: warn, when: { largerThan: 1 } }\n  - { <<: *a, id: b }\n";
    const plain = shared.replace("{ <<: *a, id: b }", "{ id: b, action: warn, when: &w { largerThan: 2 } }");
    const withAlias = `${plain}  - { id: c, action: warn, when: *w }\n`;
    const edited = editPolicy(withAlias, "yaml", [{ kind: "remove", list: "rules", id: "b" }]);
    expect(policyOf(edited).rules.map((rule) => [rule.id, rule.when.largerThan])).toEqual([
      ["a", 1],
      ["c", 2],
    ]);
  });
});
