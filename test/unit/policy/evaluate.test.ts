import { describe, expect, it } from "vitest";
import { evaluate, type MessageFacts } from "../../../src/policy/evaluate.ts";
import { facts, policyOf, rules, tally } from "./fixture.ts";

const CARDS = "detectors: [{ detector: credit-card }]";
const verdictFor = (rule: string, change: Partial<MessageFacts> = {}, found = [tally("credit-card", 3)]) =>
  evaluate(rules(rule), facts(change), found).verdict;

describe("a message's verdict", () => {
  it("is each recipient's own, and for the whole the strictest", () => {
    const policy = rules(
      `action: warn, when: { ${CARDS} }`,
      `action: block, when: { ${CARDS}, recipients: { domains: [rival.example] } }`,
    );
    const evaluation = evaluate(
      policy,
      facts({ recipients: ["carl@corp.example", "bob@out.example", "eve@rival.example", "bob@out.example"] }),
      [tally("credit-card", 1)],
    );
    expect(evaluation.verdict).toBe("block");
    expect(evaluation.recipients).toEqual([
      { address: "carl@corp.example", external: false, verdict: "allow", rules: [] },
      { address: "bob@out.example", external: true, verdict: "warn", rules: ["r0"] },
      { address: "eve@rival.example", external: true, verdict: "block", rules: ["r1", "r0"] },
    ]);
    expect(evaluation.triggered.map(({ rule, recipients }) => [rule.id, recipients])).toEqual([
      ["r1", ["eve@rival.example"]],
      ["r0", ["bob@out.example", "eve@rival.example"]],
    ]);
    expect(evaluation.triggered[0]?.matches).toEqual([
      { detector: "credit-card", parts: ["body"], count: 1, occurrences: 1, confidence: "medium" },
    ]);
  });

  it("is allow when protection is off for the sender", () => {
    const policy = policyOf(`
rules: [{ id: r, action: block, when: { ${CARDS} } }]
scopes: { global: { rules: [r] }, 'domain:corp.example': { settings: { dlp.enabled: false } } }`);
    expect(evaluate(policy, facts(), [tally("credit-card", 1)])).toMatchObject({ verdict: "allow", triggered: [] });
    expect(evaluate(policy, facts({ sender: "x@sub.corp.example" }), [tally("credit-card", 1)]).verdict).toBe("block");
  });

  it("holds for a document by itself, as if somebody outside got it", () => {
    const evaluation = evaluate(rules(`action: block, when: { ${CARDS} }`), facts({ stage: "file", recipients: [] }), [
      tally("credit-card", 1),
    ]);
    expect(evaluation).toMatchObject({ verdict: "block", recipients: [] });
    expect(evaluation.triggered[0]?.recipients).toEqual([]);
    expect(verdictFor(`action: block, when: { recipients: { are: internal } }`, { recipients: [] })).toBe("allow");
  });

  it("waits for a draft that goes to nobody yet", () => {
    expect(verdictFor(`action: block, when: { ${CARDS} }`, { stage: "draft", recipients: [] })).toBe("allow");
  });
});

describe("an unsent message", () => {
  const recipients = ["carl@corp.example", "bob@out.example"];
  const verdicts = (rule: string, stage: MessageFacts["stage"]) =>
    evaluate(rules(rule), facts({ stage, recipients }), [tally("credit-card", 1)]).recipients.map(
      (recipient) => recipient.verdict,
    );

  it.each(["compose", "draft", "outbox"] as const)("goes to all or to nobody at the stage %s", (stage) => {
    expect(verdicts(`action: block, when: { ${CARDS} }`, stage)).toEqual(["block", "block"]);
  });

  it("may go to the allowed recipients when the rule says split", () => {
    expect(verdicts(`action: block, split: true, when: { ${CARDS} }`, "outbox")).toEqual(["allow", "block"]);
  });

  it("becomes one verdict each once it was sent", () => {
    expect(verdicts(`action: block, when: { ${CARDS} }`, "sent")).toEqual(["allow", "block"]);
  });
});

describe("a rule", () => {
  it("in monitor mode changes nothing and is recorded", () => {
    const evaluation = evaluate(rules(`action: block, monitor: true, when: { ${CARDS} }`), facts(), [
      tally("credit-card", 1),
    ]);
    expect(evaluation).toMatchObject({
      verdict: "allow",
      monitored: [{ rule: "r0", verdict: "block" }],
      triggered: [],
      recipients: [{ verdict: "allow", rules: [] }],
    });
  });

  it("is lifted by a justification only if it allows that", () => {
    const change = { justification: "The customer asked for it" };
    expect(verdictFor(`action: block, override: justification, when: { ${CARDS} }`, change)).toBe("allow");
    expect(verdictFor(`action: block, when: { ${CARDS} }`, change)).toBe("block");
    expect(verdictFor(`action: block, override: justification, when: { ${CARDS} }`, { justification: " " })).toBe(
      "block",
    );
    const policy = rules(`action: block, override: justification, when: { ${CARDS} }`);
    expect(evaluate(policy, facts(change), [tally("credit-card", 1)]).overridden).toEqual(["r0"]);
  });

  it("that requires encryption is content with an encrypted message", () => {
    expect(verdictFor(`action: must-encrypt, when: { ${CARDS} }`)).toBe("must-encrypt");
    expect(verdictFor(`action: must-encrypt, when: { ${CARDS} }`, { encrypted: true })).toBe("allow");
    expect(verdictFor(`action: block, when: { ${CARDS} }`, { encrypted: true })).toBe("block");
  });

  it("with delayed evaluation gives encryption its turn first", () => {
    const rule = `action: quarantine, delayEvaluation: true, when: { ${CARDS} }`;
    expect(verdictFor(rule, { stage: "outbox" })).toBe("must-encrypt");
    expect(verdictFor(rule, { stage: "outbox", encryption: "failed" })).toBe("quarantine");
    expect(verdictFor(rule, { stage: "sent" })).toBe("quarantine");
    expect(verdictFor(rule, { stage: "sent", encrypted: true })).toBe("allow");
  });

  it("applies at its stages, and to a file as if it had been sent", () => {
    expect(verdictFor(`action: warn, when: { ${CARDS}, stages: [outbox] }`)).toBe("allow");
    expect(verdictFor(`action: warn, when: { ${CARDS}, stages: [sent] }`, { stage: "file" })).toBe("warn");
    expect(verdictFor(`action: warn, when: { ${CARDS}, stages: [draft] }`, { stage: "file" })).toBe("allow");
  });

  it("spares excepted senders and recipients", () => {
    const rule = `action: warn, when: { ${CARDS} }, except: { senders: [boss@corp.example], recipients: [bob@out.example, '*.friend.example'] }`;
    expect(verdictFor(rule, { sender: "Boss+x@corp.example", recipients: ["z@z.example"] })).toBe("allow");
    expect(verdictFor(rule)).toBe("allow");
    expect(verdictFor(rule, { recipients: ["x@a.friend.example", "x@friend.example"] })).toBe("allow");
    expect(verdictFor(rule, { recipients: ["bob@out.example", "x@unfriend.example"] })).toBe("warn");
  });

  it("can be about some senders only, groups of them too", () => {
    const rule = `action: warn, when: { ${CARDS}, senders: [sales@corp.example, other.example] }`;
    expect(verdictFor(rule)).toBe("allow");
    expect(verdictFor(rule, { sender: "x@other.example" })).toBe("warn");
    expect(verdictFor(rule, { groups: new Map([["sales@corp.example", ["ann@corp.example"]]]) })).toBe("warn");
  });

  it("can ask for size, encryption, attachments and unreadable content", () => {
    expect(verdictFor("action: warn, when: { largerThan: 999 }")).toBe("warn");
    expect(verdictFor("action: warn, when: { largerThan: 1000 }")).toBe("allow");
    expect(verdictFor("action: warn, when: { encrypted: true }")).toBe("allow");
    expect(verdictFor("action: warn, when: { hasAttachment: false }")).toBe("warn");
    const attachment = { path: "attachment:Q3.DWG", name: "Q3.DWG", mediaType: "image/vnd.dwg", bytes: 9 };
    const change = { attachments: [attachment] };
    expect(verdictFor("action: warn, when: { hasAttachment: true, attachments: ['*.dwg'] }", change)).toBe("warn");
    expect(verdictFor("action: warn, when: { hasAttachment: true, attachments: ['image/*'] }", change)).toBe("warn");
    expect(verdictFor("action: warn, when: { hasAttachment: true, attachments: ['*.pdf'] }", change)).toBe("allow");
    const problems = [{ part: "attachment:x.zip", code: "encrypted" as const, detail: "" }];
    const rule = "action: quarantine, when: { problems: [encrypted, corrupt] }";
    expect(verdictFor(rule, { problems })).toBe("quarantine");
    expect(verdictFor(rule)).toBe("allow");
    expect(verdictFor("action: quarantine, when: { problems: [encrypted], parts: [body] }", { problems })).toBe(
      "allow",
    );
  });
});
