import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../../src/core/finding.ts";
import { evaluate } from "../../../src/policy/evaluate.ts";
import { factsOf, isWhole, talliesOf } from "../../../src/policy/evidence.ts";
import { rescanNeeds } from "../../../src/policy/rescan.ts";
import { type PastMessage, simulate, startSimulation } from "../../../src/policy/simulate.ts";
import * as any from "./arbitrary.ts";
import { facts, policyOf, rules, tally } from "./fixture.ts";

const CARDS = "when: { detectors: [{ detector: credit-card }] }";
const warnRule = rules(`action: warn, ${CARDS}`);

function past(id: string, change: Parameters<typeof facts>[0] = {}, found = [tally("credit-card", 2)]): PastMessage {
  const { verdict, recipients } = evaluate(warnRule, facts(change), found);
  return {
    id,
    subject: "Re: ****",
    facts: facts(change),
    tallies: found,
    before: { verdict, recipients },
    findings: [
      { detector: "credit-card", part: "body", count: 2, occurrences: 2, confidence: "medium", masked: ["****1111"] },
    ],
  };
}

describe("a simulation", () => {
  const mails = [
    past("m1"),
    past("m2", { recipients: ["x@out.example", "y@rival.example"] }),
    past("m3", { sender: "carl@corp.example" }),
    past("m4", {}, []),
  ];

  it("tells what would change, per rule, sender and recipient domain, with masked examples", () => {
    const simulation = simulate(rules(`action: block, ${CARDS}, except: { senders: [carl@corp.example] }`), mails);
    const rows = (table: typeof simulation.rules) =>
      table.map((row) => `${row.name}: ${row.from} -> ${row.to} x${row.count}`);
    expect(simulation).toMatchObject({ messages: 4, changed: 3 });
    expect(rows(simulation.verdicts)).toEqual(["all: warn -> block x2", "all: warn -> allow x1"]);
    expect(rows(simulation.rules)).toEqual(["r0: warn -> block x2", "r0: warn -> allow x1"]);
    expect(rows(simulation.senders)).toEqual([
      "ann@corp.example: warn -> block x2",
      "carl@corp.example: warn -> allow x1",
    ]);
    expect(rows(simulation.recipientDomains)).toEqual([
      "out.example: warn -> block x2",
      "out.example: warn -> allow x1",
      "rival.example: warn -> block x1",
    ]);
    expect(simulation.rules[0]?.examples[0]).toEqual({
      message: "m1",
      sender: "ann@corp.example",
      subject: "Re: ****",
      findings: [{ detector: "credit-card", part: "body", count: 2, masked: ["****1111"] }],
    });
    expect(simulation.wouldAct).toEqual([{ rule: "r0", verdict: "block", messages: 2 }]);
  });

  it("of the policy that decided finds nothing to change, and says what monitoring rules would do", () => {
    expect(simulate(warnRule, mails)).toMatchObject({ messages: 4, changed: 0, verdicts: [], recipientDomains: [] });
    const monitored = simulate(rules(`action: block, monitor: true, ${CARDS}`), mails);
    expect(monitored.wouldAct).toEqual([{ rule: "r0", verdict: "block", messages: 3 }]);
  });

  it("shows a few examples, whatever the number of mails", () => {
    const many = Array.from({ length: 50 }, (_, index) => past(`m${index}`));
    expect(simulate(policyOf("version: 1"), many).verdicts).toMatchObject([{ count: 50, examples: { length: 5 } }]);
  });

  it("decides from kept findings what enforcement decided from counts", () => {
    fc.assert(
      fc.property(any.policy, any.policy, any.facts, any.findings, (before, after, full, findings) => {
        const message = { ...full, encrypted: false, bytes: 0 };
        const { justification: _, ...kept } = message;
        const decided = evaluate(before, kept, talliesOf(findings));
        const record = { ...kept, recipients: decided.recipients };
        const item: PastMessage = {
          id: "m",
          subject: "",
          facts: factsOf(record, kept),
          tallies: talliesOf(findings),
          before: decided,
          findings: [],
        };
        const enforced = evaluate(after, kept, talliesOf(findings));
        expect(startSimulation(after).add(item)).toEqual(enforced);
        expect(simulate(before, [item]).changed).toBe(0);
        expect(simulate(after, [item]).changed).toBe(decided.verdict === enforced.verdict ? 0 : 1);
      }),
      { numRuns: 300 },
    );
  });
});

describe("kept findings", () => {
  const finding = (fingerprint: string, part = "body"): Finding => ({
    detector: "iban",
    part,
    confidence: "high",
    span: { start: 0, end: 1 },
    score: 1,
    masked: "*",
    fingerprint,
    why: [],
  });

  it("become counts again", () => {
    expect(talliesOf([finding("a"), finding("a"), finding("b"), finding("a", "subject")])).toEqual([
      { detector: "iban", part: "body", confidence: "high", occurrences: 3, fingerprints: ["a", "b"] },
      { detector: "iban", part: "subject", confidence: "high", occurrences: 1, fingerprints: ["a"] },
    ]);
  });

  it("are known to be fewer than the record counted", () => {
    const summary = { detector: "iban", part: "body", count: 2, confidence: "high" as const, masked: [] };
    expect(isWhole({ findings: [{ ...summary, occurrences: 2 }] }, [finding("a"), finding("b")])).toBe(true);
    expect(isWhole({ findings: [{ ...summary, occurrences: 3 }] }, [finding("a"), finding("b")])).toBe(false);
  });
});

describe("what only reading the mail again can tell", () => {
  it("is named rule by rule", () => {
    const before = policyOf("detectors: [{ id: a, words: [falcon] }, { id: b, words: [osprey] }]");
    const after = policyOf(`
detectors: [{ id: a, words: [falcon] }, { id: b, words: [eagle] }, { id: c, words: [kite] }]
rules:
  - { id: same, when: { detectors: [{ detector: a }] }, action: warn }
  - { id: changed, when: { detectors: [{ detector: b }, { detector: c }] }, action: warn }
  - { id: size, when: { largerThan: 9, hasAttachment: true }, action: block, delayEvaluation: true }
`);
    expect(rescanNeeds(after, before).map(({ rule, reason }) => `${rule}: ${reason}`)).toEqual([
      'changed: the detector "b" is new or changed',
      'changed: the detector "c" is new or changed',
      "size: records do not keep the size",
      "size: records do not keep names of attachments",
      "size: records do not keep encryption",
    ]);
  });
});
