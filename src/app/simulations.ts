import { PosternError } from "../core/errors.ts";
import type { Finding } from "../core/finding.ts";
import type { MessageRecord } from "../core/records.ts";
import type { MessageFilter, MessageStore } from "../core/store.ts";
import type { PolicyFormat } from "../http/api/policy-access.ts";
import type { SimulationAnswer, SimulationRequest } from "../http/api/simulations.ts";
import { factsOf, isWhole, talliesOf } from "../policy/evidence.ts";
import { type RescanNeed, rescanNeeds } from "../policy/rescan.ts";
import { type PastMessage, startSimulation } from "../policy/simulate.ts";
import type { Policies } from "./policies.ts";
import { type ReadAgainDependencies, readAgain } from "./read-again.ts";

/** Records and their findings that are in memory at once. */
const BATCH = 200;
/** Newest first, so that a longer past is cut at its far end. */
const MOST_MESSAGES = 100_000;

/** Messages that one simulation reads again, so that it ends while somebody waits for it. */
const MOST_READ_AGAIN = 2_000;
/** Read at the same time; live mail needs the reading processes too. */
const AT_ONCE = 4;

export interface SimulationDependencies extends ReadAgainDependencies {
  readonly messages: Pick<MessageStore, "list" | "evidence">;
  readonly policies: Policies;
}

/**
 * Decides past messages again: from what was kept with them, or with `rescan` from the mailboxes as far as they still
 * have them. Nothing is acted on, nothing is stored.
 */
export async function runSimulation(
  request: SimulationRequest,
  dependencies: SimulationDependencies,
  signal: AbortSignal,
): Promise<SimulationAnswer> {
  const { messages, policies } = dependencies;
  const { source, format } = await textOf(request, policies);
  const loaded = policies.load(source, format);
  if (!loaded.ok) return loaded;
  const { since, until, tenant, rescan } = request;
  const [most, atOnce] = rescan ? [MOST_READ_AGAIN, AT_ONCE] : [MOST_MESSAGES, BATCH];
  const run = startSimulation(loaded.policy);
  const revisions = new Set<string>();
  let [lowerBounds, readFromMailboxes] = [0, 0];
  let read = 0;
  let cursor: string | null | undefined;
  while (cursor !== null && read < most) {
    signal.throwIfAborted();
    const filter: MessageFilter = { since, until, ...(tenant === undefined ? {} : { tenant }) };
    const page = await messages.list(filter, { limit: BATCH, ...(cursor === undefined ? {} : { cursor }) });
    const evidence = await messages.evidence(page.items.map((record) => record.id));
    for (let start = 0; start < page.items.length; start += atOnce) {
      const records = page.items.slice(start, start + atOnce);
      const fresh = rescan
        ? await Promise.all(records.map((record) => readAgain(record, loaded, dependencies, signal)))
        : [];
      for (const [index, record] of records.entries()) {
        const again = fresh[index];
        const findings = evidence.get(record.id) ?? [];
        run.add(again ?? (await fromEvidence(record, findings, dependencies)));
        if (again) {
          readFromMailboxes += 1;
          continue;
        }
        if (!isWhole(record, findings)) lowerBounds += 1;
        revisions.add(record.policyRevision);
      }
    }
    read += page.items.length;
    cursor = page.next;
  }
  const open = await openQuestions(loaded.policy, revisions, policies);
  return {
    ok: true,
    simulation: run.result(),
    revision: loaded.revision,
    open,
    lowerBounds,
    readAgain: readFromMailboxes,
    truncated: cursor !== null,
  };
}

async function fromEvidence(
  record: MessageRecord,
  findings: readonly Finding[],
  { directory }: SimulationDependencies,
): Promise<PastMessage> {
  const { domains, groups } = await directory(record.ref.tenantId);
  return {
    id: record.id,
    subject: record.subject,
    facts: factsOf(record, { internalDomains: domains, groups }),
    tallies: talliesOf(findings),
    before: { verdict: record.verdict, recipients: record.recipients },
    findings: record.findings,
  };
}

async function textOf(
  request: SimulationRequest,
  policies: Policies,
): Promise<{ readonly source: string; readonly format: PolicyFormat }> {
  if (request.edits !== undefined) return policies.edited(request.edits);
  if (request.policy !== undefined) return request.policy;
  throw new PosternError("REQUEST_INVALID", "either a policy or a change of the running one is needed");
}

/** What cannot be told from the records, for each policy that they were made under. */
async function openQuestions(
  policy: Parameters<typeof rescanNeeds>[0],
  revisions: ReadonlySet<MessageRecord["policyRevision"]>,
  policies: Policies,
): Promise<readonly RescanNeed[]> {
  const needs = new Map<string, RescanNeed>();
  for (const revision of revisions) {
    const stored = await policies.find(revision);
    const under = stored ? policies.load(stored.source, stored.format) : undefined;
    // Before any policy was applied the starter policy held, which defines no detectors.
    const before = under?.ok ? under.policy : withoutOwnDetectors(policies);
    for (const need of rescanNeeds(policy, before)) needs.set(`${need.rule}\n${need.reason}`, need);
  }
  return [...needs.values()];
}

function withoutOwnDetectors(policies: Policies): Parameters<typeof rescanNeeds>[1] {
  const loaded = policies.load("{}", "json");
  if (!loaded.ok) throw new PosternError("POLICY_INVALID", "an empty policy has faults");
  return loaded.policy;
}
