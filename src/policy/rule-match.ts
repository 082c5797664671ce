import type { Problem } from "../core/part.ts";
import type { Rule } from "../core/policy.ts";
import type { Verdict } from "../core/verdict.ts";
import { normalAddress } from "./address.ts";
import { addressList, lists } from "./address-list.ts";
import type { Counter, DetectorMatch } from "./count.ts";
import type { MessageFacts } from "./facts.ts";
import { partChoice } from "./part-choice.ts";

/** A rule whose conditions about the message hold; its recipients are asked one by one. */
export interface RuleMatch {
  readonly rule: Rule;
  /** What it decides for this message; weaker than the rule's action while encryption may still help. */
  readonly verdict: Exclude<Verdict, "allow">;
  readonly matches: readonly DetectorMatch[];
  readonly problems: readonly Problem[];
}

/** The match, or undefined when a condition about the message fails or encryption has settled the matter. */
export function matchRule(rule: Rule, facts: MessageFacts, counter: Counter): RuleMatch | undefined {
  const verdict = presentVerdict(rule, facts);
  if (verdict === undefined || !senderMatches(rule, facts) || !messageMatches(rule, facts)) return undefined;
  const parts = partChoice(rule.when.parts, facts);
  if (rule.when.hasAttachment !== undefined && rule.when.hasAttachment !== parts.attachments.length > 0) {
    return undefined;
  }
  const problems = facts.problems.filter(
    (problem) => rule.when.problems.includes(problem.code) && parts.includes(problem.part),
  );
  if (rule.when.problems.length > 0 && problems.length === 0) return undefined;
  const found = rule.when.detectors.map((condition) => counter.matches(condition, parts));
  const hits = found.filter((matches) => matches !== undefined);
  const needed = rule.when.match === "all" ? found.length : Math.min(1, found.length);
  if (hits.length < needed) return undefined;
  return { rule, verdict, matches: onePerDetector(hits.flat()), problems };
}

/** Two conditions of a rule may count the same detector: the wider count is shown. */
function onePerDetector(matches: readonly DetectorMatch[]): readonly DetectorMatch[] {
  const widest = new Map<string, DetectorMatch>();
  for (const match of matches) {
    const known = widest.get(match.detector);
    if (known === undefined || match.occurrences > known.occurrences) widest.set(match.detector, match);
  }
  return [...widest.values()];
}

/**
 * What a rule asks for now. Encryption satisfies `must-encrypt`, and a delayed rule as a whole. While an unsent
 * message can still be encrypted, a delayed quarantine or block asks for that first.
 */
function presentVerdict(rule: Rule, facts: MessageFacts): RuleMatch["verdict"] | undefined {
  const settled = facts.encrypted && (rule.delayEvaluation || rule.action === "must-encrypt");
  if (settled) return undefined;
  const waits = rule.delayEvaluation && isUnsent(facts) && facts.encryption !== "failed";
  return waits && rule.action !== "warn" ? "must-encrypt" : rule.action;
}

/** Still in the sender's hands, so that it goes to everybody or nobody. */
export function isUnsent(facts: Pick<MessageFacts, "stage">): boolean {
  return facts.stage === "compose" || facts.stage === "draft" || facts.stage === "outbox";
}

function senderMatches(rule: Rule, facts: MessageFacts): boolean {
  const listed = (entries: readonly string[]): boolean => {
    if (entries.length === 0) return false;
    const sender = normalAddress(facts.sender);
    const list = addressList(entries);
    if (lists(list, sender)) return true;
    if (facts.aliases?.get(sender)?.some((alias) => list.hasAddress(alias, alias)) === true) return true;
    return entries.some(
      (entry) => facts.groups.get(entry)?.some((member) => normalAddress(member) === sender) === true,
    );
  };
  return (rule.when.senders.length === 0 || listed(rule.when.senders)) && !listed(rule.except.senders);
}

function messageMatches({ when }: Rule, facts: MessageFacts): boolean {
  // A file on its own is judged as if it had been sent.
  const stage = when.stages.includes(facts.stage) || (facts.stage === "file" && when.stages.includes("sent"));
  if (!stage) return false;
  if (when.encrypted !== undefined && when.encrypted !== facts.encrypted) return false;
  return when.largerThan === undefined || facts.bytes > when.largerThan;
}

/** Whether the sender's justification lifts a rule that allows it. */
export function isOverridden(rule: Rule, facts: MessageFacts): boolean {
  return rule.override === "justification" && (facts.justification ?? "").trim() !== "";
}
