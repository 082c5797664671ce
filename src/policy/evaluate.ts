import type { Tally } from "../core/finding.ts";
import type { Problem } from "../core/part.ts";
import type { Policy, Rule, Settings } from "../core/policy.ts";
import { compareVerdicts, type RecipientVerdict, strictest, type Verdict } from "../core/verdict.ts";
import { type Addressee, addresseesOf, recipientTest, SOMEBODY_OUTSIDE } from "./addressee.ts";
import { counterOf, type DetectorMatch } from "./count.ts";
import type { MessageFacts } from "./facts.ts";
import { isOverridden, isUnsent, matchRule, type RuleMatch } from "./rule-match.ts";
import { effectiveSettings, selectedRules } from "./settings.ts";

export type { MessageFacts } from "./facts.ts";

/** A rule that took part in the verdict, and why. */
export interface TriggeredRule {
  readonly rule: Rule;
  /** What it decided: its action, or `must-encrypt` while a delayed rule waits for encryption. */
  readonly verdict: Verdict;
  /** Addresses for which it matched; none for a document by itself. */
  readonly recipients: readonly string[];
  readonly matches: readonly DetectorMatch[];
  readonly problems: readonly Problem[];
}

export interface Evaluation {
  /** The strictest of all recipients. */
  readonly verdict: Verdict;
  /** In the order of the message; none for a document by itself. */
  readonly recipients: readonly RecipientVerdict[];
  /** Rules in monitor mode that matched, and what they would have decided. */
  readonly monitored: readonly { readonly rule: string; readonly verdict: Verdict }[];
  /** As they hold for the sender. */
  readonly settings: Settings;
  /** Strictest first. */
  readonly triggered: readonly TriggeredRule[];
  /** Rules that matched and that the sender's justification lifted. */
  readonly overridden: readonly string[];
  /** Recipients that are groups, and their members inside, whose copies can be taken back. */
  readonly internalMembers: ReadonlyMap<string, readonly string[]>;
}

/**
 * Decides a message: for each recipient the strictest action of the rules that hold for the sender and match for that
 * recipient. Pure; linear in recipients and in findings.
 */
export function evaluate(policy: Policy, facts: MessageFacts, tallies: readonly Tally[]): Evaluation {
  const settings = effectiveSettings(policy, facts.sender);
  const addressees = addresseesOf(policy, facts);
  const hits = settings["dlp.enabled"] ? hitsOf(policy, facts, tallies, audienceOf(addressees, facts)) : [];
  const overridden = hits.filter(({ match }) => isOverridden(match.rule, facts));
  const holding = hits.filter((hit) => !overridden.includes(hit));
  const acting = holding.filter(({ match }) => !match.rule.monitor).toSorted(strictestFirst);
  const recipients = verdictsOf(addressees, acting, facts);
  return {
    verdict: strictest(acting.map(({ match }) => match.verdict)),
    recipients,
    monitored: holding
      .filter(({ match }) => match.rule.monitor)
      .map(({ match }) => ({ rule: match.rule.id, verdict: match.verdict })),
    settings,
    triggered: acting.map(({ match, addressees: reached }) => ({
      ...match,
      recipients: reached.filter((one) => one !== SOMEBODY_OUTSIDE).map((one) => one.address),
    })),
    overridden: overridden.map(({ match }) => match.rule.id),
    internalMembers: new Map(
      addressees.flatMap(({ address, group, inside }) =>
        group === undefined ? [] : [[address, inside.map((person) => person.address)] as const],
      ),
    ),
  };
}

/** A matching rule and those for whom it matched; never nobody. */
interface Hit {
  readonly match: RuleMatch;
  readonly addressees: readonly Addressee[];
}

/** A text without recipients is judged as if somebody outside got it; a draft without any goes nowhere yet. */
function audienceOf(addressees: readonly Addressee[], facts: MessageFacts): readonly Addressee[] {
  return addressees.length > 0 || facts.stage === "draft" ? addressees : [SOMEBODY_OUTSIDE];
}

function hitsOf(
  policy: Policy,
  facts: MessageFacts,
  tallies: readonly Tally[],
  audience: readonly Addressee[],
): readonly Hit[] {
  const counter = counterOf(tallies);
  return selectedRules(policy, facts.sender).rules.flatMap((rule) => {
    const match = matchRule(rule, facts, counter);
    if (match === undefined) return [];
    const reached = audience.filter(recipientTest(rule.when.recipients, rule.except.recipients));
    return reached.length === 0 ? [] : [{ match, addressees: reached }];
  });
}

/**
 * Each recipient's own verdict. An unsent message cannot go to some only, so what a rule without `split` decides for
 * one recipient then holds for all.
 */
function verdictsOf(
  addressees: readonly Addressee[],
  hits: readonly Hit[],
  facts: MessageFacts,
): readonly RecipientVerdict[] {
  const shared = isUnsent(facts) ? hits.filter(({ match }) => !match.rule.split) : [];
  const floor = strictest(shared.map(({ match }) => match.verdict));
  const own = new Map<Addressee, RuleMatch[]>(addressees.map((addressee) => [addressee, []]));
  for (const hit of hits) for (const addressee of hit.addressees) own.get(addressee)?.push(hit.match);
  return addressees.map((addressee) => {
    const matches = own.get(addressee) ?? [];
    return {
      address: addressee.address,
      external: addressee.outside.length > 0,
      // Hits come strictest first.
      verdict: strictest([floor, matches[0]?.verdict ?? "allow"]),
      rules: matches.map((match) => match.rule.id),
    };
  });
}

/** Equal verdicts stay in the order of the selection (sorting is stable). */
function strictestFirst(left: Hit, right: Hit): number {
  return compareVerdicts(right.match.verdict, left.match.verdict);
}
