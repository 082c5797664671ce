import fc from "fast-check";
import { CONFIDENCES, type Finding, type Tally } from "../../../src/core/finding.ts";
import type { Policy, Rule, Scope } from "../../../src/core/policy.ts";
import { VERDICTS } from "../../../src/core/verdict.ts";
import type { MessageFacts } from "../../../src/policy/evaluate.ts";
import { DEFAULT_SETTINGS } from "../../../src/policy/settings.ts";

const DETECTORS = ["credit-card", "iban", "nl-bsn"] as const;
const PARTS = ["subject", "body", "header:x-a", "attachment:a.zip!b.csv"] as const;
const DOMAINS = ["corp.example", "lab.corp.example", "out.example", "rival.example"] as const;
const STAGES = ["compose", "draft", "outbox", "sent", "file"] as const;
const PROBLEMS = ["encrypted", "corrupt"] as const;
const RULE_IDS = ["r0", "r1", "r2", "r3"] as const;

export const address = fc
  .tuple(fc.constantFrom("ann", "bob", "carl", "ann+x"), fc.constantFrom(...DOMAINS))
  .map(([local, domain]) => `${local}@${domain}`);
const listed = fc.oneof(address, fc.constantFrom(...DOMAINS, "*.corp.example"));

const when: fc.Arbitrary<Rule["when"]> = fc.record(
  {
    match: fc.constantFrom("any", "all"),
    detectors: fc.array(
      fc.record({
        detectors: fc.subarray([...DETECTORS], { minLength: 1 }),
        threshold: fc.nat(4),
        confidence: fc.constantFrom(...CONFIDENCES),
        count: fc.constantFrom("distinct", "all", "new"),
      }),
      { maxLength: 3 },
    ),
    recipients: fc.record({
      are: fc.constantFrom("external", "internal", "any"),
      domains: fc.subarray([...DOMAINS], { maxLength: 2 }),
      exceptDomains: fc.subarray([...DOMAINS], { maxLength: 1 }),
    }),
    parts: fc.record({
      origins: fc.subarray(["subject", "header", "body", "attachment"] as const, { minLength: 1 }),
      attachments: fc.constant([]),
    }),
    stages: fc.subarray([...STAGES], { minLength: 1 }),
    problems: fc.subarray([...PROBLEMS], { maxLength: 1 }),
    senders: fc.array(listed, { maxLength: 1 }),
    encrypted: fc.boolean(),
  },
  {
    requiredKeys: ["match", "detectors", "recipients", "parts", "stages", "problems", "senders"],
  },
);

const options = {
  when,
  except: fc.record({ senders: fc.array(listed, { maxLength: 1 }), recipients: fc.array(listed, { maxLength: 1 }) }),
  action: fc.constantFrom(...VERDICTS.filter((verdict) => verdict !== "allow")),
  delayEvaluation: fc.boolean(),
  split: fc.boolean(),
  override: fc.constantFrom("never", "justification"),
  monitor: fc.boolean(),
} as const;

export const rule = (id: string): fc.Arbitrary<Rule> =>
  fc.record(options).map((rest) => ({ ...rest, id, description: "", severity: "medium", tell: {} }));

const settings = fc.record(
  {
    "dlp.enabled": fc.boolean(),
    "dlp.managers": fc.array(address, { maxLength: 2 }),
    "quarantine.expire-after-days": fc.nat(30),
    "notify.block.originator": fc.boolean(),
  },
  { requiredKeys: [] },
);
const selection = fc.subarray([...RULE_IDS]);

/** The parts of a scope besides its name. */
export const scope = fc.record({ settings, rules: selection }, { requiredKeys: ["settings"] });

const scopes: fc.Arbitrary<readonly Scope[]> = fc
  .tuple(
    scope,
    fc.dictionary(fc.constantFrom(...DOMAINS), scope, { maxKeys: 2 }),
    fc.dictionary(address, scope, { maxKeys: 2 }),
  )
  .map(([everywhere, domains, users]) => [
    { name: "global", ...everywhere },
    ...Object.entries(domains).map(([domain, each]) => ({ name: `domain:${domain}`, ...each })),
    ...Object.entries(users).map(([user, each]) => ({ name: `user:${user}`, ...each })),
  ]);

export const policy: fc.Arbitrary<Policy> = fc.tuple(scopes, ...RULE_IDS.map(rule)).map(([someScopes, ...rules]) => ({
  version: 1,
  internalDomains: [],
  detectors: [],
  groups: [],
  rules,
  scopes: someScopes,
  skipList: "default",
  testNumbers: "report",
}));

/** A policy whose rules all apply to everybody. */
export const flatPolicy: fc.Arbitrary<Policy> = policy.map((each) => ({
  ...each,
  scopes: [{ name: "global", rules: [...RULE_IDS], settings: { "dlp.enabled": DEFAULT_SETTINGS["dlp.enabled"] } }],
}));

export const facts: fc.Arbitrary<MessageFacts> = fc.record(
  {
    sender: address,
    stage: fc.constantFrom(...STAGES),
    recipients: fc.uniqueArray(address, { maxLength: 5 }),
    internalDomains: fc.subarray(["corp.example", "lab.corp.example"]).map((domains) => new Set(domains)),
    groups: fc
      .dictionary(address, fc.array(address, { maxLength: 3 }), { maxKeys: 2 })
      .map((groups) => new Map(Object.entries(groups))),
    bytes: fc.nat(10_000),
    attachments: fc.constant([]),
    problems: fc.array(
      fc.record({ part: fc.constantFrom(...PARTS), code: fc.constantFrom(...PROBLEMS), detail: fc.constant("") }),
      { maxLength: 2 },
    ),
    partOrigins: fc.constant(new Map()),
    encrypted: fc.boolean(),
    justification: fc.constantFrom("", "asked for"),
  },
  {
    requiredKeys: [
      "sender",
      "stage",
      "recipients",
      "internalDomains",
      "groups",
      "bytes",
      "attachments",
      "problems",
      "partOrigins",
      "encrypted",
    ],
  },
);

export const findings: fc.Arbitrary<readonly Finding[]> = fc.array(
  fc
    .tuple(fc.constantFrom(...DETECTORS), fc.constantFrom(...PARTS), fc.constantFrom(...CONFIDENCES), fc.nat(5))
    .map(([detector, part, confidence, value]) => ({
      detector,
      part,
      confidence,
      span: { start: 0, end: 1 },
      score: 0.5,
      masked: "*",
      fingerprint: `${detector}-${value}`,
      why: [],
    })),
  { maxLength: 12 },
);

export const tallies: fc.Arbitrary<readonly Tally[]> = fc.array(
  fc
    .tuple(
      fc.constantFrom(...DETECTORS),
      fc.constantFrom(...PARTS),
      fc.constantFrom(...CONFIDENCES),
      fc.uniqueArray(fc.nat(6), { minLength: 1, maxLength: 5 }),
      fc.nat(3),
    )
    .map(([detector, part, confidence, values, more]) => ({
      detector,
      part,
      confidence,
      occurrences: values.length + more,
      fingerprints: values.map((value) => `${detector}-${value}`),
    })),
  { maxLength: 6 },
);
