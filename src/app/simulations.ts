import { PosternError } from "../core/errors.ts";
import type { Finding } from "../core/finding.ts";
import type { MessageRecord } from "../core/records.ts";
import type { MessageFilter, MessageStore } from "../core/store.ts";
import type { PolicyFormat } from "../http/api/policy-access.ts";
import type { SimulationFindings } from "../http/api/simulation-record.ts";
import type { SimulationRequest } from "../http/api/simulations.ts";
import { aliasesOf } from "../pipeline/directory-facts.ts";
import type { ActivePolicy } from "../pipeline/inspection.ts";
import { factsOf, isWhole, talliesOf } from "../policy/evidence.ts";
import type { PolicyFault } from "../policy/load.ts";
import { newlyActing } from "../policy/newly-acting.ts";
import { type RescanNeed, rescanNeeds } from "../policy/rescan.ts";
import { type PastMessage, startSimulation } from "../policy/simulate.ts";
import type { Policies } from "./policies.ts";
import { type ReadAgainDependencies, readAgain } from "./read-again.ts";

/** Records and their findings that are in memory at once. */
const BATCH = 200;
/** Read at the same time; live mail needs the reading processes too. */
const AT_ONCE = 4;

export interface SimulationDependencies extends ReadAgainDependencies {
  readonly messages: Pick<MessageStore, "count" | "list" | "evidence">;
  readonly policies: Policies;
}

/** A simulation that can begin: its policy has no faults. */
export interface PreparedSimulation {
  readonly request: SimulationRequest;
  readonly policy: ActivePolicy;
  /** Messages that it will decide. */
  readonly total: number;
}

/** Loads the policy and counts the messages. */
export async function prepareSimulation(
  request: SimulationRequest,
  { messages, policies }: SimulationDependencies,
): Promise<PreparedSimulation | { readonly faults: readonly PolicyFault[] }> {
  const { source, format } = await textOf(request, policies);
  const loaded = policies.load(source, format);
  if (!loaded.ok) return loaded;
  const count = await messages.count(filterOf(request));
  return { request, policy: loaded, total: Math.min(count, request.most ?? count) };
}

/**
 * Decides past messages again, the newest first: from what was kept with them, or with `rescan` from the mailboxes as
 * far as they still have them. Nothing is acted on.
 * @param progress called between messages; the work ends when it rejects
 */
export async function runSimulation(
  { request, policy: loaded, total }: PreparedSimulation,
  dependencies: SimulationDependencies,
  progress: (done: number) => Promise<void>,
  signal: AbortSignal,
): Promise<SimulationFindings> {
  const { messages, policies } = dependencies;
  const { since, until, rescan } = request;
  const atOnce = rescan ? AT_ONCE : BATCH;
  const before = (await policies.current()).policy;
  const run = startSimulation(loaded.policy);
  const revisions = new Set<string>();
  let [lowerBounds, readFromMailboxes, read] = [0, 0, 0];
  let cursor: string | null | undefined;
  while (cursor !== null && read < total) {
    const asked = { limit: Math.min(BATCH, total - read), ...(cursor === undefined ? {} : { cursor }) };
    const page = await messages.list(filterOf(request), asked);
    const evidence = await messages.evidence(page.items.map((record) => record.id));
    for (let start = 0; start < page.items.length; start += atOnce) {
      signal.throwIfAborted();
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
      read += records.length;
      await progress(read);
    }
    cursor = page.next;
  }
  return {
    simulation: run.result(),
    revision: loaded.revision,
    ...{ since, until, lowerBounds },
    enables: newlyActing(before, loaded.policy),
    open: await openQuestions(loaded.policy, revisions, policies),
    readAgain: readFromMailboxes,
    // What was scanned after the count is not meant.
    truncated: request.most !== undefined && request.most <= read && typeof cursor === "string",
  };
}

function filterOf({ since, until, tenant }: SimulationRequest): MessageFilter {
  return { since, until, ...(tenant === undefined ? {} : { tenant }) };
}

async function fromEvidence(
  record: MessageRecord,
  findings: readonly Finding[],
  { directory }: SimulationDependencies,
): Promise<PastMessage> {
  const known = await directory(record.ref.tenantId);
  const aliases = aliasesOf([record.sender, ...record.recipients.map(({ address }) => address)], known);
  return {
    id: record.id,
    subject: record.subject,
    facts: factsOf(record, { internalDomains: known.domains, groups: known.groups, aliases }),
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
