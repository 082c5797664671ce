import type { Confidence, Tally } from "../src/core/finding.ts";
import type { DetectorDefinition, Policy, Rule } from "../src/core/policy.ts";
import { evaluate, type MessageFacts } from "../src/policy/evaluate.ts";

/**
 * How long the decision about one message takes under a large policy.
 * Target: median under 5 ms for 200 rules, 500 detectors, 2,000 user scopes and 100 recipients; linear in recipients.
 * Run: npx tsx bench/policy.ts
 */
const RULES = 200;
const DETECTORS = 500;
const USER_SCOPES = 2_000;
const RECIPIENTS = [25, 50, 100, 200, 400, 800];
/** Rounds per figure; the first tenth warms up and is not counted. */
const ROUNDS = 300;
const TARGET_MS = 5;

const detectorId = (index: number): string => `detector-${index}`;

function detector(index: number): DetectorDefinition {
  return { id: detectorId(index), description: "", words: ["word"], exclude: [], mask: "full", text: "normalised" };
}

/** Ten detectors a rule, exceptions by address and by domain, every second rule for internal and external alike. */
function rule(index: number): Rule {
  const detectors = Array.from({ length: 10 }, (_, step) => detectorId((index * 7 + step * 11) % DETECTORS));
  return {
    id: `rule-${index}`,
    description: "",
    when: {
      match: "any",
      detectors: [
        { detectors, threshold: index % 5, confidence: "medium", count: "distinct" },
        { detectors: detectors.slice(0, 2), threshold: 0, confidence: "high", count: "all" },
      ],
      recipients: {
        are: index % 2 === 0 ? "external" : "any",
        domains: [],
        exceptDomains: [`partner-${index}.example`],
      },
      parts: { origins: ["subject", "header", "body", "attachment", "ocr", "metadata"], attachments: [] },
      stages: ["compose", "draft", "outbox", "sent", "file"],
      problems: [],
      senders: [],
    },
    except: { senders: [`boss-${index}@corp.example`], recipients: [`friend-${index}@out.example`, "friend.example"] },
    action: (["warn", "must-encrypt", "quarantine", "block"] as const)[index % 4] ?? "warn",
    delayEvaluation: false,
    split: false,
    override: "never",
    severity: "medium",
    monitor: index % 10 === 0,
    tell: {},
  };
}

function largePolicy(): Policy {
  const rules = Array.from({ length: RULES }, (_, index) => rule(index));
  const ids = rules.map((each) => each.id);
  return {
    version: 1,
    internalDomains: ["corp.example"],
    detectors: Array.from({ length: DETECTORS }, (_, index) => detector(index)),
    groups: [],
    rules,
    scopes: [
      { name: "global", rules: ids, settings: { "dlp.enabled": true } },
      ...Array.from({ length: USER_SCOPES }, (_, index) => ({
        name: `user:user-${index}@corp.example`,
        settings: { "quarantine.expire-after-days": index % 30 },
        ...(index % 2 === 0 ? { rules: ids } : {}),
      })),
    ],
    skipList: "default",
    testNumbers: "report",
  };
}

function message(recipients: number): MessageFacts {
  return {
    sender: `user-${USER_SCOPES - 2}@corp.example`,
    stage: "sent",
    recipients: Array.from({ length: recipients }, (_, index) =>
      index % 3 === 0 ? `user-${index}@corp.example` : `person-${index}@out-${index % 40}.example`,
    ),
    internalDomains: new Set(["corp.example"]),
    groups: new Map(),
    bytes: 20_000,
    attachments: [],
    problems: [],
    partOrigins: new Map([["body", "body"]]),
    encrypted: false,
  };
}

/** Every tenth detector found something in the body or in an attachment, a few values each. */
function tallies(): readonly Tally[] {
  const levels: readonly Confidence[] = ["low", "medium", "high"];
  return Array.from({ length: DETECTORS / 10 }, (_, index) => ({
    detector: detectorId(index * 10),
    part: index % 2 === 0 ? "body" : "attachment:list.csv",
    confidence: levels[index % 3] ?? "medium",
    occurrences: 6,
    fingerprints: Array.from({ length: 5 }, (_each, value) => `${index}-${value}`),
  }));
}

function medianMs(policy: Policy, facts: MessageFacts, found: readonly Tally[]): number {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    evaluate(policy, facts, found);
    if (round >= ROUNDS / 10) times.push(performance.now() - start);
  }
  times.sort((left, right) => left - right);
  return times[Math.floor(times.length / 2)] ?? Number.NaN;
}

const policy = largePolicy();
const found = tallies();
let median100 = Number.NaN;
for (const recipients of RECIPIENTS) {
  const facts = message(recipients);
  const { triggered } = evaluate(policy, facts, found);
  const median = medianMs(policy, facts, found);
  if (recipients === 100) median100 = median;
  const perRecipient = (median * 1_000) / recipients;
  process.stdout.write(
    `${String(recipients).padStart(4)} recipients, ${triggered.length} rules triggered: ` +
      `median ${median.toFixed(2)} ms, ${perRecipient.toFixed(1)} us a recipient\n`,
  );
}
process.stdout.write(median100 < TARGET_MS ? "target met\n" : `target missed: over ${TARGET_MS} ms\n`);
process.exitCode = median100 < TARGET_MS ? 0 : 1;
