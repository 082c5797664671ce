import type { ChangeRow } from "../policy/simulate.ts";
import type { ApiClient } from "./api-client.ts";
import { faultLines } from "./policy.ts";
import { type PastDecisions, pastUnder } from "./policy-past.ts";
import { type Print, printable } from "./print.ts";

export interface SimulateOptions {
  readonly since: Date;
  readonly until: Date;
  readonly tenant?: string;
  readonly json: boolean;
  /** Reads the mail again instead of what was kept with it. */
  readonly rescan: boolean;
}

/** Shows what a policy would have decided about past mail. 0 done, 2 when the policy has faults. */
export async function simulatePolicy(
  file: string,
  source: string,
  { since, until, tenant, json, rescan }: SimulateOptions,
  client: ApiClient,
  out: Print,
  err: Print,
): Promise<0 | 2> {
  const body = { policy: source, since, until, rescan, ...(tenant === undefined ? {} : { tenant }) };
  const outcome = await pastUnder(body, client);
  if (!outcome.ok) {
    for (const line of faultLines(file, outcome.faults)) err(line);
    return 2;
  }
  const simulation = outcome.past;
  if (json) out(JSON.stringify(simulation));
  else describe(simulation, out);
  for (const { rule, reason } of simulation.open) err(`${rule}: not told by kept findings: ${reason}`);
  const unread = simulation.messages - simulation.readAgain;
  if (rescan && unread > 0)
    err(`${unread} messages could not be read again: they were decided from what was kept with them`);
  if (simulation.lowerBounds > 0)
    err(`${simulation.lowerBounds} messages had more findings than were kept: their counts are lower bounds`);
  return 0;
}

function describe(simulation: PastDecisions, out: Print): void {
  out(`${simulation.messages} messages, ${simulation.changed} would be decided otherwise`);
  for (const { from, to, count } of simulation.verdicts) out(`  ${from} → ${to}: ${count}`);
  section("rules", simulation.rules, out);
  section("senders", simulation.senders, out);
  section("recipient domains", simulation.recipientDomains, out);
  if (simulation.wouldAct.length > 0) out("rules would act on");
  for (const { rule, verdict, messages } of simulation.wouldAct) out(`  ${rule} (${verdict}): ${messages} messages`);
}

function section(title: string, rows: readonly ChangeRow[], out: Print): void {
  if (rows.length > 0) out(title);
  for (const { name, from, to, count, examples } of rows) {
    out(`  ${printable(name)}: ${count} from ${from} to ${to}`);
    for (const { message, sender, subject, findings } of examples) {
      const found = findings.map(({ detector, masked }) => `${detector} ${masked.join(" ")}`).join("; ");
      out(`    ${message} ${printable(`${sender} "${subject}" ${found}`)}`);
    }
  }
}
