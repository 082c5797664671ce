import { describe, expect, it } from "vitest";
import { exportPolicy } from "../../../src/policy/export.ts";
import { loadPolicy } from "../../../src/policy/load.ts";
import { starterPolicy } from "../../../src/policy/starter.ts";
import { policyOf } from "./fixture.ts";
import { vocabulary } from "./vocabulary.ts";

const FULL = `version: 1
internalDomains: [Corp.Example, bücher.example]
detectors:
  - id: project-names
    description: Code names that must not leave
    pattern: 'project (falcon|osprey)'
    validator: luhn
    near: { words: [merger, bid], within: 100, raises: high }
    exclude: ['project falcon crest']
    mask: full
  - { id: names, dictionary: names.txt, text: raw }
groups:
  - { id: payment, detectors: [credit-card, iban] }
  - { id: everything, detectors: [payment, project-names, iban] }
rules:
  - id: cards-out
    description: Payment data to the outside
    when:
      match: any
      detectors: [{ group: everything, threshold: 0, confidence: medium, count: distinct }, { detector: names }]
      recipients: { are: external, domains: [], exceptDomains: [Partner.example] }
      parts: [subject, body, headers, attachments]
      attachments: ['*.xlsx']
      stages: [compose, draft, outbox, sent]
      hasAttachment: true
    except: { senders: [Boss@corp.example], recipients: ['*.friend.example'] }
    action: block
    severity: high
    tell: { en: 'Card numbers may not leave by mail.' }
scopes:
  global:
    rules: [cards-out]
    settings: { dlp.enabled: true, dlp.managers: [dlp@corp.example, manager-of-sender], notify.block.originator: true,
                quarantine.on-failed-encryption: true, quarantine.expire-after-days: 5 }
  'domain:lab.corp.example': { settings: { dlp.enabled: false } }
  'user:Ann@corp.example': { rules: [] }
skipList: [the, of]
`;

function faultsOf(source: string, format: "yaml" | "json" = "yaml"): readonly string[] {
  const loaded = loadPolicy(source, format, vocabulary);
  return loaded.ok ? [] : loaded.faults.map((fault) => `${fault.line}:${fault.column} ${fault.path}: ${fault.reason}`);
}

describe("a sound policy", () => {
  it("gets defaults, normal names, and groups resolved into detectors", () => {
    const policy = policyOf(FULL);
    expect(policy.internalDomains).toEqual(["corp.example", "xn--bcher-kva.example"]);
    expect(policy.rules[0]?.when.detectors[0]).toEqual({
      detectors: ["credit-card", "iban", "project-names"],
      group: "everything",
      threshold: 0,
      confidence: "medium",
      count: "distinct",
    });
    expect(policy.rules[0]).toMatchObject({ monitor: false, split: false, override: "never", delayEvaluation: false });
    expect(policy.rules[0]?.when.recipients.exceptDomains).toEqual(["partner.example"]);
    expect(policy.rules[0]?.except.senders).toEqual(["boss@corp.example"]);
    expect(policy.scopes.map((scope) => scope.name)).toEqual([
      "global",
      "domain:lab.corp.example",
      "user:ann@corp.example",
    ]);
    expect(policy.detectors[1]).toMatchObject({ dictionary: ["falcon", "grey osprey"], mask: "keep-last-4" });
    expect(policy.testNumbers).toBe("report");
  });

  it("survives export and loading in both formats", () => {
    const policy = policyOf(FULL);
    for (const format of ["yaml", "json"] as const) {
      const again = loadPolicy(exportPolicy(policy, format), format, vocabulary);
      expect(again).toMatchObject({ ok: true, policy });
    }
  });

  it("has a revision that only its text decides", () => {
    const first = loadPolicy("version: 1\n", "yaml", vocabulary);
    const second = loadPolicy("version: 1\n\n", "yaml", vocabulary);
    expect(first.ok && first.revision).toMatch(/^[0-9a-f]{16}$/);
    expect(first.ok && second.ok && first.revision !== second.revision).toBe(true);
  });

  it("may start with a byte order mark and name every built-in detector at once", () => {
    const policy = policyOf(`\uFEFF${starterPolicy()}`);
    expect(policy.rules[0]?.when.detectors[0]?.detectors).toEqual([...vocabulary.detectorIds]);
    expect(policy.rules[1]?.when.detectors.flatMap((condition) => condition.detectors)).toEqual([
      "credit-card",
      "aws-access-key",
      "private-key",
    ]);
  });
});

describe("a faulty policy", () => {
  it("has all its faults reported, each at its value", () => {
    const source = `version: 2
detectors:
  - id: a
    pattern: 'x(?=y)'
    words: [1]
  - { id: a, pattern: ok, validator: lun }
  - { id: credit-card, words: [x] }
  - { id: none }
  - { id: file, dictionary: gone.txt }
rules:
  - id: r
    when:
      detectors: [{ detector: credit-cards, treshold: 1 }, { group: a }, { threshold: -1 }]
      stages: sent
    action: blok
  - when: {}
scopes:
  global: { rules: [r, s], settings: { dlp.enabld: true, dlp.managers: [bob] } }
  'domain:lab': {}
  'user:ann@corp.example': {}
  'user:ANN@corp.example': {}
`;
    expect(faultsOf(source)).toEqual([
      "1:10 version: expected 1, found 2",
      "4:14 detectors[0].pattern: look-ahead is not supported (character 2 of the pattern)",
      "5:12 detectors[0].words: has pattern and words; only one of them can be",
      "5:13 detectors[0].words[0]: expected text, found 1; write it in quotes",
      '6:11 detectors[1].id: "a" is defined a second time',
      '6:38 detectors[1].validator: there is no validator "lun" (did you mean "luhn"?)',
      '7:11 detectors[2].id: "credit-card" is the name of a built-in detector already',
      "8:5 detectors[3]: needs one of pattern, words, dictionary, exactData, fingerprint",
      "9:29 detectors[4].dictionary: this file cannot be read",
      '13:31 rules[0].when.detectors[0].detector: there is no detector "credit-cards" (did you mean "credit-card"?)',
      '13:45 rules[0].when.detectors[0].treshold: unknown key "treshold" (did you mean "threshold"?)',
      '13:69 rules[0].when.detectors[1].group: "a" is a detector; write { detector: a }',
      "13:74 rules[0].when.detectors[2]: needs one of detector, group",
      "13:87 rules[0].when.detectors[2].threshold: must be at least 0",
      '14:15 rules[0].when.stages: expected a list, found "sent"',
      '15:13 rules[0].action: expected one of warn, must-encrypt, quarantine, block, found "blok"',
      '16:5 rules[1].id: "id" is missing',
      '16:5 rules[1].action: "action" is missing',
      '18:24 scopes.global.rules[1]: there is no rule "s"',
      '18:40 scopes.global.settings.dlp.enabld: unknown key "dlp.enabld" (did you mean "dlp.enabled"?)',
      '18:73 scopes.global.settings.dlp.managers[0]: "bob" is not a mail address',
      '19:3 scopes.domain:lab: "lab" is not a full domain: it has no dot',
      '21:3 scopes.user:ANN@corp.example: the same scope as "user:ann@corp.example"',
    ]);
  });

  it("names groups that are empty or contain themselves", () => {
    const source = `groups:
  - { id: g, detectors: [h] }
  - { id: h, detectors: [g, iban] }
  - { id: e, detectors: [] }
  - { id: iban, detectors: [iban] }
`;
    expect(faultsOf(source)).toEqual([
      '2:11 groups[0].id: the group "g" contains itself',
      '3:11 groups[1].id: the group "h" contains itself',
      "4:25 groups[2].detectors: the list is empty",
      '5:11 groups[3].id: "iban" is the name of a built-in detector already',
      '5:11 groups[3].id: the group "iban" contains itself',
    ]);
  });

  it.each([
    ["", "1:1 : the policy is empty"],
    ["rules: [", "1:9 : Flow sequence in block collection must be sufficiently indented and end with a ]"],
    ["version: 1\nversion: 1", "2:1 : this key stands here a second time"],
    [
      "internalDomains: [*corp]",
      "1:19 : this alias (*) has no anchor (&) before it; write text that begins with * in quotes",
    ],
    ["- 1", "1:1 : expected a map of keys and values, found a list"],
  ])("whose grammar is broken says where: %j", (source, fault) => {
    expect(faultsOf(source)).toEqual([fault]);
  });

  it("is described on one line, however its values look", () => {
    const long = "x".repeat(100);
    expect(faultsOf(`testNumbers: "a\\nb"\nscopes: { "${long}": {} }\nskipList: 3`)).toEqual([
      '1:14 testNumbers: expected one of report, lower, ignore, found "a\\nb"',
      `2:11 scopes.${long}: a scope is global, domain:corp.example or user:ann@corp.example`,
      "3:11 skipList: expected the word default or a list of words",
    ]);
    expect(faultsOf(`internalDomains: ["${long}"]`)).toEqual([
      `1:19 internalDomains[0]: "${"x".repeat(60)}…" is not a domain`,
    ]);
  });

  it("is held to JSON's grammar when it is JSON", () => {
    expect(faultsOf('{\n\t"version": 1,\n}', "json")).toEqual(["3:1 : not JSON from here on"]);
    expect(faultsOf('{"version": "1"}', "json")).toEqual(['1:13 version: expected 1, found "1"']);
  });
});

describe("a doubtful policy", () => {
  it("loads with warnings", () => {
    const loaded = loadPolicy(
      `internalDomains: [corp.example]
rules:
  - { id: used, when: {}, action: warn, delayEvaluation: true }
  - { id: unused, when: { hasAttachment: true }, action: block }
scopes:
  'user:bob@other.example': { rules: [used] }
`,
      "yaml",
      vocabulary,
    );
    expect(loaded.ok && loaded.warnings.map((warning) => `${warning.line}: ${warning.reason}`)).toEqual([
      "3: the rule matches every message to such recipients",
      "3: there is nothing to delay for warn: it leaves encryption its turn",
      '4: no scope selects the rule "unused": it does nothing',
      '6: "other.example" is none of internalDomains: the scope holds only if a connected tenant owns it',
    ]);
  });

  it("is told when its rules are selected nowhere at all", () => {
    const loaded = loadPolicy("rules: [{ id: r, when: { encrypted: true }, action: warn }]", "yaml", vocabulary);
    expect(loaded.ok && loaded.warnings.map((warning) => warning.reason)).toEqual([
      "no scope selects any rule, so none applies: add scopes.global.rules",
    ]);
  });
});
