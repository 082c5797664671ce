import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS, effectiveSettings, explainSettings, selectedRules } from "../../../src/policy/settings.ts";
import { policyOf } from "./fixture.ts";

const policy = policyOf(`
rules:
  - { id: a, when: { hasAttachment: true }, action: warn }
  - { id: b, when: { hasAttachment: true }, action: block }
scopes:
  global: { rules: [b, a], settings: { dlp.managers: [dlp@corp.example], quarantine.expire-after-days: 9 } }
  'domain:corp.example': { settings: { quarantine.expire-after-days: 7, notify.warning.managers: true } }
  'domain:lab.corp.example': { rules: [a] }
  'user:ann@corp.example': { settings: { notify.warning.managers: false } }
  'user:eve@corp.example': { rules: [] }
`);

const rulesOf = (sender: string) => selectedRules(policy, sender).rules.map((rule) => rule.id);

describe("settings", () => {
  it("come one by one from the most specific scope that has a value", () => {
    expect(effectiveSettings(policy, "ann@corp.example")).toEqual({
      ...DEFAULT_SETTINGS,
      "dlp.managers": ["dlp@corp.example"],
      "quarantine.expire-after-days": 7,
      "notify.warning.managers": false,
    });
  });

  it("are explained with the scope that each comes from", () => {
    const explained = explainSettings(policy, "ann@corp.example");
    expect(explained["dlp.managers"].origin).toBe("global");
    expect(explained["quarantine.expire-after-days"]).toEqual({ value: 7, origin: "domain:corp.example" });
    expect(explained["notify.warning.managers"]).toEqual({ value: false, origin: "user:ann@corp.example" });
    expect(explained["dlp.enabled"]).toEqual({ value: true, origin: "default" });
  });

  it("hold for a person whatever the case and the tag of the address", () => {
    expect(explainSettings(policy, "Ann+news@CORP.example")["notify.warning.managers"].origin).toBe(
      "user:ann@corp.example",
    );
  });

  it("of a domain do not hold in its sub-domains", () => {
    expect(effectiveSettings(policy, "x@sub.corp.example")["quarantine.expire-after-days"]).toBe(9);
  });

  it("are the built-in ones for a sender that nobody knows, unless global says otherwise", () => {
    expect(effectiveSettings(policy, "")["quarantine.expire-after-days"]).toBe(9);
    expect(effectiveSettings(policyOf("version: 1"), "")).toEqual(DEFAULT_SETTINGS);
  });
});

describe("a selection of rules", () => {
  it("is inherited by scopes without one of their own, in its order", () => {
    expect(rulesOf("ann@corp.example")).toEqual(["b", "a"]);
    expect(selectedRules(policy, "ann@corp.example").origin).toBe("global");
  });

  it("replaces what it would inherit, whole, also when it is empty", () => {
    expect(rulesOf("x@lab.corp.example")).toEqual(["a"]);
    expect(rulesOf("eve@corp.example")).toEqual([]);
    expect(selectedRules(policy, "eve@corp.example").origin).toBe("user:eve@corp.example");
  });

  it("that no scope has selects nothing", () => {
    const unselected = policyOf("rules: [{ id: a, when: {}, action: block }]");
    expect(selectedRules(unselected, "ann@corp.example")).toEqual({ rules: [], origin: "default" });
  });
});
