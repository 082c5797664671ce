import type { FindingSummary, Tally } from "../core/finding.ts";
import type { Policy } from "../core/policy.ts";
import type { RecipientVerdict, Verdict } from "../core/verdict.ts";
import { domainOf, normalAddress } from "./address.ts";
import { type Evaluation, evaluate } from "./evaluate.ts";
import type { MessageFacts } from "./facts.ts";

/** Shown for each kind of change; more would be reading and not deciding. */
const MAX_EXAMPLES = 5;
const MAX_EXAMPLE_FINDINGS = 3;

/** A mail of the past: what was decided, and what it was decided from. */
export interface PastMessage {
  readonly id: string;
  /** Masked. */
  readonly subject: string;
  readonly facts: MessageFacts;
  readonly tallies: readonly Tally[];
  readonly before: { readonly verdict: Verdict; readonly recipients: readonly RecipientVerdict[] };
  /** Masked samples, for the examples. */
  readonly findings: readonly FindingSummary[];
}

export interface ChangeExample {
  readonly message: string;
  readonly sender: string;
  readonly subject: string;
  readonly findings: readonly Pick<FindingSummary, "detector" | "part" | "count" | "masked">[];
}

/** How many would change from one verdict to another, for one rule, sender or recipient domain. */
export interface ChangeRow {
  readonly name: string;
  readonly from: Verdict;
  readonly to: Verdict;
  /** Messages; recipients in rows of recipient domains. */
  readonly count: number;
  readonly examples: readonly ChangeExample[];
}

export interface Simulation {
  readonly messages: number;
  /** Messages whose verdict changes. */
  readonly changed: number;
  /** Largest counts first, in all four. The name of `verdicts` rows is `all`. */
  readonly verdicts: readonly ChangeRow[];
  /** Rules that decided before or would decide now, for messages whose verdict changes. */
  readonly rules: readonly ChangeRow[];
  readonly senders: readonly ChangeRow[];
  readonly recipientDomains: readonly ChangeRow[];
  /** Messages in which each rule would act, rules in monitor mode too. */
  readonly wouldAct: readonly { readonly rule: string; readonly verdict: Verdict; readonly messages: number }[];
}

/** A simulation that is fed message by message, so that no past is too long to hold. */
export interface SimulationRun {
  /** Decides one message under the policy; returns what enforcement would have decided. */
  add(message: PastMessage): Evaluation;
  result(): Simulation;
}

/** Starts a simulation of a policy. Nothing is acted on; the decision is `evaluate`, the same that enforcement uses. */
export function startSimulation(policy: Policy): SimulationRun {
  const [verdicts, rules, senders, recipientDomains] = [changeTable(), changeTable(), changeTable(), changeTable()];
  const acting = new Map<string, { verdict: Verdict; messages: number }>();
  const actions = new Map(policy.rules.map((rule) => [rule.id, rule.action]));
  let messages = 0;
  let changed = 0;

  function add(message: PastMessage): Evaluation {
    const after = evaluate(policy, message.facts, message.tallies);
    messages += 1;
    const now = [...after.triggered.map(({ rule }) => rule.id), ...after.monitored.map(({ rule }) => rule)];
    for (const rule of now) {
      const known = acting.get(rule) ?? { verdict: actions.get(rule) ?? "allow", messages: 0 };
      acting.set(rule, { ...known, messages: known.messages + 1 });
    }
    for (const [domain, from, to] of recipientChanges(message, after)) recipientDomains.add(domain, from, to, message);
    const [from, to] = [message.before.verdict, after.verdict];
    if (from === to) return after;
    changed += 1;
    verdicts.add("all", from, to, message);
    senders.add(message.facts.sender, from, to, message);
    const earlier = message.before.recipients.flatMap((recipient) => recipient.rules);
    const deciding = new Set([...earlier, ...after.triggered.map(({ rule }) => rule.id)]);
    for (const rule of deciding) rules.add(rule, from, to, message);
    return after;
  }

  return {
    add,
    result: () => ({
      messages,
      changed,
      verdicts: verdicts.rows(),
      rules: rules.rows(),
      senders: senders.rows(),
      recipientDomains: recipientDomains.rows(),
      wouldAct: [...acting]
        .map(([rule, { verdict, messages: count }]) => ({ rule, verdict, messages: count }))
        .toSorted((left, right) => right.messages - left.messages || compareText(left.rule, right.rule)),
    }),
  };
}

/** Simulates a policy over messages that are at hand. */
export function simulate(policy: Policy, past: Iterable<PastMessage>): Simulation {
  const run = startSimulation(policy);
  for (const message of past) run.add(message);
  return run.result();
}

function recipientChanges(message: PastMessage, after: Evaluation): (readonly [string, Verdict, Verdict])[] {
  const before = new Map(message.before.recipients.map((recipient) => [recipient.address, recipient.verdict]));
  return after.recipients.flatMap(({ address, verdict }) => {
    const earlier = before.get(address) ?? "allow";
    return earlier === verdict ? [] : [[domainOf(normalAddress(address)), earlier, verdict] as const];
  });
}

function changeTable() {
  const table = new Map<string, ChangeRow & { count: number; readonly examples: ChangeExample[] }>();
  return {
    add(name: string, from: Verdict, to: Verdict, message: PastMessage): void {
      const key = JSON.stringify([name, from, to]);
      const row = table.get(key) ?? { name, from, to, count: 0, examples: [] };
      row.count += 1;
      const known = row.examples.some((example) => example.message === message.id);
      if (row.examples.length < MAX_EXAMPLES && !known) row.examples.push(exampleOf(message));
      table.set(key, row);
    },
    rows: (): readonly ChangeRow[] =>
      [...table.values()].toSorted((left, right) => right.count - left.count || compareText(left.name, right.name)),
  };
}

function exampleOf({ id, subject, facts, findings }: PastMessage): ChangeExample {
  return {
    message: id,
    sender: facts.sender,
    subject,
    findings: findings.slice(0, MAX_EXAMPLE_FINDINGS).map(({ detector, part, count, masked }) => ({
      detector,
      part,
      count,
      masked: masked.slice(0, MAX_EXAMPLE_FINDINGS),
    })),
  };
}

/** By code units: the same everywhere. */
function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
