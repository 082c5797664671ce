import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareVerdicts, strictest, VERDICTS } from "../../../src/core/verdict.ts";
import { evaluate } from "../../../src/policy/evaluate.ts";
import { exportPolicy } from "../../../src/policy/export.ts";
import { loadPolicy } from "../../../src/policy/load.ts";
import { address, facts, flatPolicy, policy, tallies } from "./arbitrary.ts";
import { vocabulary } from "./vocabulary.ts";

const verdict = fc.constantFrom(...VERDICTS);
const RUNS = { numRuns: 400 };

describe("for any policy and message", () => {
  it("the strictest verdict is associative, commutative and idempotent, and allow changes nothing", () => {
    fc.assert(
      fc.property(verdict, verdict, verdict, (a, b, c) => {
        expect(strictest([strictest([a, b]), c])).toBe(strictest([a, strictest([b, c])]));
        expect(strictest([a, b])).toBe(strictest([b, a]));
        expect(strictest([a, a, "allow"])).toBe(a);
      }),
    );
  });

  it("the message's verdict is the strictest of its recipients'", () => {
    fc.assert(
      fc.property(policy, facts, tallies, (some, message, found) => {
        const evaluation = evaluate(some, message, found);
        fc.pre(message.recipients.length > 0);
        expect(evaluation.verdict).toBe(strictest(evaluation.recipients.map((recipient) => recipient.verdict)));
      }),
      RUNS,
    );
  });

  it("a recipient's verdict at rest does not depend on who else gets the mail", () => {
    fc.assert(
      fc.property(flatPolicy, facts, tallies, address, (some, message, found, other) => {
        fc.pre(message.stage === "sent" || message.stage === "file");
        const [first] = message.recipients;
        fc.pre(first !== undefined && first !== other);
        const alone = evaluate(some, { ...message, recipients: [first] }, found);
        const together = evaluate(some, { ...message, recipients: [other, first] }, found);
        expect(together.recipients[1]).toEqual(alone.recipients[0]);
      }),
      RUNS,
    );
  });

  it("an unsent message is decided for no recipient more mildly than the same one sent", () => {
    fc.assert(
      fc.property(flatPolicy, facts, tallies, (some, message, found) => {
        const everyStage = {
          ...some,
          rules: some.rules.map((rule) => ({ ...rule, when: { ...rule.when, stages: ["outbox", "sent"] as const } })),
        };
        fc.pre(message.recipients.length > 0);
        const sent = evaluate(everyStage, { ...message, stage: "sent" }, found);
        const unsent = evaluate(everyStage, { ...message, stage: "outbox", encryption: "failed" }, found);
        for (const [index, recipient] of sent.recipients.entries()) {
          const before = unsent.recipients[index]?.verdict ?? "allow";
          expect(compareVerdicts(before, recipient.verdict)).toBeGreaterThanOrEqual(0);
        }
      }),
      RUNS,
    );
  });

  it("raising thresholds never makes a verdict stricter", () => {
    fc.assert(
      fc.property(flatPolicy, facts, tallies, fc.nat(3), (some, message, found, more) => {
        const raised = {
          ...some,
          rules: some.rules.map((rule) => ({
            ...rule,
            when: {
              ...rule.when,
              detectors: rule.when.detectors.map((each) => ({ ...each, threshold: each.threshold + more })),
            },
          })),
        };
        const before = evaluate(some, message, found).verdict;
        expect(compareVerdicts(evaluate(raised, message, found).verdict, before)).toBeLessThanOrEqual(0);
      }),
      RUNS,
    );
  });

  it("one finding more never makes a verdict milder", () => {
    fc.assert(
      fc.property(flatPolicy, facts, tallies, tallies, (some, message, found, more) => {
        const before = evaluate(some, message, found).verdict;
        const after = evaluate(some, message, [...found, ...more]).verdict;
        expect(compareVerdicts(after, before)).toBeGreaterThanOrEqual(0);
      }),
      RUNS,
    );
  });

  it("the order of findings and of recipients decides nothing", () => {
    fc.assert(
      fc.property(policy, facts, tallies, (some, message, found) => {
        const forth = evaluate(some, message, found);
        const back = evaluate(some, { ...message, recipients: message.recipients.toReversed() }, found.toReversed());
        expect(back.verdict).toBe(forth.verdict);
        expect(back.recipients.toReversed()).toEqual(forth.recipients);
      }),
      RUNS,
    );
  });

  it("rules in monitor mode decide nothing", () => {
    fc.assert(
      fc.property(policy, facts, tallies, (some, message, found) => {
        const acting = { ...some, rules: some.rules.map((rule) => ({ ...rule, monitor: false })) };
        const watching = { ...some, rules: some.rules.map((rule) => ({ ...rule, monitor: true })) };
        const evaluation = evaluate(watching, message, found);
        expect(evaluation.verdict).toBe("allow");
        expect(strictest(evaluation.monitored.map((each) => each.verdict))).toBe(
          evaluate(acting, message, found).verdict,
        );
      }),
      RUNS,
    );
  });

  it("a policy that went out as a document and came back decides the same", () => {
    fc.assert(
      fc.property(policy, facts, tallies, fc.constantFrom("yaml", "json"), (some, message, found, format) => {
        const written = { ...some, rules: some.rules.map(writable) };
        const loaded = loadPolicy(exportPolicy(written, format), format, vocabulary);
        expect(loaded.ok && evaluate(loaded.policy, message, found)).toMatchObject({
          verdict: evaluate(written, message, found).verdict,
        });
      }),
      { numRuns: 60 },
    );
  });
});

/** A rule as documents can say it: one detector or group in each condition. */
function writable(rule: Parameters<typeof evaluate>[0]["rules"][number]) {
  const detectors = rule.when.detectors.map((each) => ({ ...each, detectors: each.detectors.slice(0, 1) }));
  return { ...rule, when: { ...rule.when, detectors } };
}
