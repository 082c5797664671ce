import { describe, expect, it } from "vitest";
import type { Tally } from "../../../src/core/finding.ts";
import type { PartOrigin } from "../../../src/core/part.ts";
import { evaluate, type MessageFacts } from "../../../src/policy/evaluate.ts";
import { facts, policyOf, rules, tally } from "./fixture.ts";

function triggers(when: string, tallies: readonly Tally[], change: Partial<MessageFacts> = {}): boolean {
  return evaluate(rules(`action: warn, when: { ${when} }`), facts(change), tallies).verdict === "warn";
}

describe("a threshold", () => {
  it("is passed by more than so many", () => {
    expect(triggers("detectors: [{ detector: iban, threshold: 5 }]", [tally("iban", 5)])).toBe(false);
    expect(triggers("detectors: [{ detector: iban, threshold: 5 }]", [tally("iban", 6)])).toBe(true);
    expect(triggers("detectors: [{ detector: iban }]", [])).toBe(false);
  });

  it("counts a value that stands in several parts or at several levels once", () => {
    const found = [tally("iban", 2, "body"), tally("iban", 2, "attachment:a.csv"), tally("iban", 2, "body", "high")];
    expect(triggers("detectors: [{ detector: iban, threshold: 2 }]", found)).toBe(false);
    expect(triggers("detectors: [{ detector: iban, threshold: 2, count: all }]", found)).toBe(true);
    expect(triggers("detectors: [{ detector: iban, threshold: 6, count: all }]", found)).toBe(false);
  });

  it("leaves out what is only quoted when it counts what is new", () => {
    const found = [{ ...tally("iban", 3), fresh: ["iban-0"] }];
    expect(triggers("detectors: [{ detector: iban, threshold: 0, count: new }]", found)).toBe(true);
    expect(triggers("detectors: [{ detector: iban, threshold: 1, count: new }]", found)).toBe(false);
    expect(triggers("detectors: [{ detector: iban, threshold: 2 }]", found)).toBe(true);
  });

  it("of a group is about its members together", () => {
    const policy = policyOf(`
groups: [{ id: pay, detectors: [iban, credit-card] }]
rules: [{ id: r, action: block, when: { detectors: [{ group: pay, threshold: 2 }] } }]
scopes: { global: { rules: [r] } }`);
    expect(evaluate(policy, facts(), [tally("iban", 2)]).verdict).toBe("allow");
    expect(evaluate(policy, facts(), [tally("iban", 2), tally("credit-card", 1)]).verdict).toBe("block");
  });
});

describe("several detectors", () => {
  const both = "[{ detector: iban }, { detector: credit-card, threshold: 1 }]";

  it("match when any does, or when all do", () => {
    const iban = [tally("iban", 1), tally("credit-card", 1)];
    expect(triggers(`match: any, detectors: ${both}`, iban)).toBe(true);
    expect(triggers(`match: all, detectors: ${both}`, iban)).toBe(false);
    expect(triggers(`match: all, detectors: ${both}`, [tally("iban", 1), tally("credit-card", 2)])).toBe(true);
  });
});

describe("confidence", () => {
  it("below the rule's least does not count", () => {
    const low = [tally("iban", 9, "body", "low")];
    expect(triggers("detectors: [{ detector: iban }]", low)).toBe(false);
    expect(triggers("detectors: [{ detector: iban, confidence: low }]", low)).toBe(true);
    expect(triggers("detectors: [{ detector: iban, confidence: high }]", [tally("iban", 9)])).toBe(false);
  });
});

describe("parts", () => {
  const chosen = (parts: string, part: string, origin?: PartOrigin, more = "") =>
    triggers(`detectors: [{ detector: iban }], parts: [${parts}] ${more}`, [tally("iban", 1, part)], {
      partOrigins: new Map(origin === undefined ? [] : [[part, origin]]),
      attachments: [
        { path: "attachment:a.zip", name: "a.zip", mediaType: "application/zip", bytes: 1 },
        { path: "attachment:a.zip!q3/b.csv", name: "b.csv", mediaType: "text/csv", bytes: 1 },
        { path: "attachment:c.pdf", name: "c.pdf", mediaType: "application/pdf", bytes: 1 },
      ],
    });

  it("are chosen by where they stand", () => {
    expect(chosen("subject", "subject")).toBe(true);
    expect(chosen("subject", "body")).toBe(false);
    expect(chosen("headers", "header:x-project")).toBe(true);
    expect(chosen("body", "attachment:a.zip!q3/b.csv", "attachment")).toBe(false);
  });

  it("within an attached message are attachment text", () => {
    expect(chosen("attachments", "attachment:fwd.eml!body", "body")).toBe(true);
    expect(chosen("body", "attachment:fwd.eml!body", "body")).toBe(false);
  });

  it("that are read from pictures and properties come with attachments", () => {
    expect(chosen("attachments", "attachment:scan.png", "ocr")).toBe(true);
    expect(chosen("attachments", "attachment:a.docx", "metadata")).toBe(true);
  });

  it("of attachments can be limited to types and names, with all that a container holds", () => {
    const csv = "attachment:a.zip!q3/b.csv";
    expect(chosen("attachments", csv, "attachment", ", attachments: ['*.CSV']")).toBe(true);
    expect(chosen("attachments", csv, "attachment", ", attachments: ['text/*']")).toBe(true);
    expect(chosen("attachments", csv, "attachment", ", attachments: ['a.zip']")).toBe(true);
    expect(chosen("attachments", "attachment:c.pdf", "attachment", ", attachments: ['a*']")).toBe(false);
    expect(chosen("body, attachments", "body", "body", ", attachments: ['a*']")).toBe(true);
  });
});
