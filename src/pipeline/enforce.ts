import { createHash, randomUUID } from "node:crypto";
import type { ScanJob } from "../core/message.ts";
import type { Clock, MailConnector, Vault } from "../core/ports.ts";
import type { MessageRecord, NewQuarantineItem, NewScan } from "../core/records.ts";
import type { MessageStore } from "../core/store.ts";
import type { Tenant } from "../core/tenant.ts";
import type { Verdict } from "../core/verdict.ts";
import type { Evaluation } from "../policy/evaluate.ts";
import { isAutomatic } from "./automatic-mail.ts";
import type { DirectoryFacts } from "./directory-facts.ts";
import type { ActivePolicy, Inspection } from "./inspection.ts";
import { auditable, justificationIn } from "./justification.ts";
import { plan, planIdentity } from "./plan.ts";

const DAY_MS = 86_400_000;

export interface EnforceDependencies {
  readonly messages: Pick<MessageStore, "record">;
  readonly vault: Vault;
  /** Notices leave by a mail server: every tenant that may act can send them. */
  readonly noticesBySmtp?: boolean;
  readonly clock: Clock;
}

export interface Decided {
  readonly job: ScanJob;
  readonly mime: Uint8Array;
  readonly inspection: Inspection;
  readonly evaluation: Evaluation;
  readonly policy: ActivePolicy;
  readonly tenant: Tenant;
  readonly connector: Pick<MailConnector, "can">;
  readonly directory: DirectoryFacts;
  readonly encrypted: boolean;
  /** Rules that the runaway guard paused because of this message. */
  readonly tripped?: readonly string[];
}

/**
 * Writes what was decided: the record, its planned actions, the quarantine item and the events, in one transaction.
 * A message that is to be taken away is sealed in the vault first (copy before remove). The same mail again changes
 * nothing and answers `created: false`.
 */
export async function enforce(
  decided: Decided,
  dependencies: EnforceDependencies,
): Promise<{ readonly created: boolean; readonly record: MessageRecord }> {
  const { job, inspection, evaluation, tenant } = decided;
  const { past } = job;
  const { revision } = decided.policy;
  const failed = inspection.status === "failed";
  const held = failed && evaluation.settings["quarantine.on-error"];
  const recipients = held
    ? evaluation.recipients.map((recipient) => ({ ...recipient, verdict: atLeastQuarantine(recipient.verdict) }))
    : evaluation.recipients;
  const verdict = held ? atLeastQuarantine(evaluation.verdict) : evaluation.verdict;
  const identity = identityOf(inspection);
  const bySmtp = dependencies.noticesBySmtp === true;
  const planned = plan({
    identity: planIdentity(tenant.id, job.ref.mailbox, job.stage, identity, past && { ...past, revision }),
    sender: job.ref.mailbox,
    stage: job.stage,
    verdict,
    recipients,
    failed: failed && evaluation.verdict === "allow",
    encrypted: decided.encrypted,
    delayed: evaluation.triggered.some(({ rule }) => rule.delayEvaluation),
    settings: evaluation.settings,
    mode: tenant.mode,
    unasked: past?.act === false,
    can: new Set([...decided.connector.can(job.stage), ...(bySmtp ? (["notify"] as const) : [])]),
    directory: decided.directory,
    canNotify: bySmtp || tenant.serviceMailbox !== null,
    sentIsScanned: tenant.stages.includes("sent"),
    automatic: isAutomatic(inspection.head),
    tripped: decided.tripped ?? [],
  });
  // Where mail stays where it is (observing tenants, backfills that do not act) nothing is held, so nothing is stored.
  const hold = tenant.mode === "respond" && past?.act !== false ? planned.quarantine : null;
  const now = dependencies.clock.now();
  const quarantine = hold && (await seal(decided, hold.final, now, dependencies));
  const written = await dependencies.messages.record({
    identity,
    record: {
      ref: job.ref,
      stage: job.stage,
      trigger: job.trigger,
      internetMessageId: inspection.head?.internetMessageId ?? null,
      sender: job.ref.mailbox,
      subject: inspection.subject ?? "",
      scannedAt: now,
      verdict,
      status: inspection.status,
      policyRevision: revision,
      recipients,
      findings: inspection.findings,
      problems: inspection.problems,
      monitored: evaluation.monitored,
    },
    evidence: inspection.evidence,
    ...(inspection.sealedEvidence ? { sealedEvidence: inspection.sealedEvidence } : {}),
    actions: planned.actions,
    quarantine,
    ...overridden(decided),
    ...(past ? { past } : {}),
  });
  if (!written.created && quarantine) await dependencies.vault.remove(tenant.id, quarantine.vaultKey);
  return written;
}

/** Rules that the sender's reason lifted, for the audit log. */
function overridden({ evaluation, inspection }: Decided): Pick<NewScan, "overridden"> {
  const justification = justificationIn(inspection.head);
  if (evaluation.overridden.length === 0 || justification === undefined) return {};
  const { overridden: rules } = evaluation;
  return { overridden: { rules, justification: auditable(justification, inspection.findings) } };
}

async function seal(
  decided: Decided,
  final: boolean,
  now: Date,
  dependencies: EnforceDependencies,
): Promise<NewQuarantineItem> {
  const vaultKey = `message/${randomUUID()}`;
  const { sha256 } = await dependencies.vault.put(decided.tenant.id, vaultKey, decided.mime);
  const days = decided.evaluation.settings["quarantine.expire-after-days"];
  return { vaultKey, sha256, expiresAt: new Date(now.getTime() + days * DAY_MS), final };
}

/**
 * What makes a mail itself within its mailbox and stage: Message-ID and content. The provider's id may change and the
 * sender chooses the Message-ID, so neither alone will do.
 */
export function identityOf(inspection: Pick<Inspection, "head" | "fingerprint">): string {
  const id = inspection.head?.internetMessageId ?? "";
  return createHash("sha256").update(`${id}\n${inspection.fingerprint}`).digest("hex");
}

function atLeastQuarantine(verdict: Verdict): Verdict {
  return verdict === "block" ? "block" : "quarantine";
}
