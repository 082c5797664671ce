import type { Finding, Tally } from "../core/finding.ts";
import type { MessageRecord } from "../core/records.ts";
import type { MessageFacts } from "./facts.ts";

/** Kept findings as the counts that evaluation reads. Exact as long as no finding was left out when they were kept. */
export function talliesOf(findings: readonly Finding[]): readonly Tally[] {
  const groups = new Map<string, { readonly first: Finding; count: number; readonly fingerprints: Set<string> }>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.detector, finding.part, finding.confidence]);
    const group = groups.get(key) ?? { first: finding, count: 0, fingerprints: new Set() };
    group.count += 1;
    group.fingerprints.add(finding.fingerprint);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ first, count, fingerprints }) => ({
    detector: first.detector,
    part: first.part,
    confidence: first.confidence,
    occurrences: count,
    fingerprints: [...fingerprints],
  }));
}

/** False when the record counted more than its kept evidence shows: its counts are lower bounds then. */
export function isWhole(record: Pick<MessageRecord, "findings">, findings: readonly Finding[]): boolean {
  return record.findings.reduce((sum, summary) => sum + summary.occurrences, 0) <= findings.length;
}

/** What a record keeps of the facts. Size, encryption and types of attachments are not in it. */
export function factsOf(
  record: Pick<MessageRecord, "sender" | "stage" | "recipients" | "problems">,
  directory: Pick<MessageFacts, "internalDomains" | "groups" | "aliases">,
): MessageFacts {
  return {
    sender: record.sender,
    stage: record.stage,
    recipients: record.recipients.map((recipient) => recipient.address),
    ...directory,
    bytes: 0,
    attachments: [],
    problems: record.problems,
    partOrigins: new Map(),
    encrypted: false,
  };
}
