import { PosternError } from "../core/errors.ts";
import type { MessageHead, Recipient, ScanJob } from "../core/message.ts";
import type { Policy } from "../core/policy.ts";
import type { Clock, Logger, MailConnector, Metrics, Vault } from "../core/ports.ts";
import type { MessageRecord } from "../core/records.ts";
import type { EvidenceKey } from "../core/sealed-evidence.ts";
import type { InboxOutcome, MessageStore } from "../core/store.ts";
import type { Tenant } from "../core/tenant.ts";
import { type Evaluation, evaluate } from "../policy/evaluate.ts";
import { aliasesOf, type DirectoryFacts } from "./directory-facts.ts";
import { enforce, identityOf } from "./enforce.ts";
import { type GuardDependencies, guard } from "./guard.ts";
import type { ActivePolicy, Inspection, Inspector } from "./inspection.ts";
import { justificationIn } from "./justification.ts";
import { isOwnNotice } from "./notice-mark.ts";
import { isOwnRelease } from "./own-release.ts";
import { isOwnTest } from "./test-mark.ts";
import { isCoveredBySent, isOwnReturn } from "./unsent.ts";

/** START READING HERE. One message from its reference to its record: acquire → inspect → enforce. */

export interface ScanDependencies extends GuardDependencies {
  readonly messages: Pick<MessageStore, "evidence" | "isKnown" | "list" | "record">;
  readonly vault: Vault;
  readonly noticesBySmtp?: boolean;
  readonly inspector: Inspector;
  readonly policy: () => Promise<ActivePolicy>;
  readonly tenant: (id: string) => Promise<ConnectedTenant | undefined>;
  /** Per-tenant keys derived from the installation's secret. */
  readonly keys: { readonly fingerprint: (tenantId: string) => Uint8Array; readonly noticeMark: Uint8Array };
  /** Found values are sealed to it in the event of the verdict; they are in no event without it. */
  readonly evidenceKey?: EvidenceKey;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export interface ConnectedTenant {
  readonly tenant: Tenant;
  readonly connector: MailConnector;
  readonly directory: () => Promise<DirectoryFacts>;
}

export interface Scanned {
  readonly outcome: InboxOutcome;
  readonly reason: string | null;
  /** Id of the record whose actions are to be performed now; null when there are none. */
  readonly recordId: string | null;
  /** What was recorded, with the outcome `verdict`. */
  readonly record?: MessageRecord;
}

export async function scan(job: ScanJob, dependencies: ScanDependencies, signal: AbortSignal): Promise<Scanned> {
  const connected = await dependencies.tenant(job.ref.tenantId);
  if (!connected) return { outcome: "skipped", reason: "tenant-disconnected", recordId: null };
  const { tenant, connector } = connected;

  // Seen under this id already: a repeated notification, or catch-up after one. Saves the provider a fetch.
  if (await isKnown(job, dependencies)) return { outcome: "duplicate", reason: "known-id", recordId: null };

  const fetched = await connector.fetch(job.ref, signal);
  if (fetched.isDraft && job.stage === "sent") throw new PosternError("MESSAGE_NOT_FOUND", "still a draft");
  if (isCoveredBySent(job, fetched.isDraft, tenant))
    return { outcome: "skipped", reason: "already-sent", recordId: null };

  const [policy, directory] = await Promise.all([dependencies.policy(), connected.directory()]);
  const inspection = withCloudFiles(
    await dependencies.inspector.inspect(
      {
        bytes: fetched.mime,
        name: null,
        as: "message",
        key: dependencies.keys.fingerprint(tenant.id),
        ...(dependencies.evidenceKey ? { evidenceKey: dependencies.evidenceKey } : {}),
      },
      policy,
      signal,
    ),
    fetched.cloudFiles ?? 0,
  );
  if (
    inspection.head &&
    isOwnNotice(dependencies.keys.noticeMark, inspection.head, job.ref.mailbox, tenant.serviceMailbox)
  )
    return { outcome: "skipped", reason: "own-notice", recordId: null };
  const recipients = addresses(inspection, fetched.recipients);
  if (
    inspection.head &&
    isOwnTest(dependencies.keys.noticeMark, inspection.head, recipients, job.ref.mailbox, dependencies.clock.now())
  )
    return { outcome: "skipped", reason: "own-test", recordId: null };
  const mail = { internetMessageId: inspection.head?.internetMessageId ?? null, identity: identityOf(inspection) };
  if (await isOwnReturn(job, mail, dependencies.messages))
    return { outcome: "skipped", reason: "own-return", recordId: null };
  if (await isOwnRelease(job, { ...mail, inspection, recipients }, dependencies.messages))
    return { outcome: "skipped", reason: "own-release", recordId: null };

  const encrypted = isEncrypted(inspection.head);
  const justification = justificationIn(inspection.head);
  const facts = {
    sender: job.ref.mailbox,
    stage: job.stage,
    recipients,
    internalDomains: directory.domains,
    groups: directory.groups,
    aliases: aliasesOf([job.ref.mailbox, ...recipients], directory),
    bytes: fetched.mime.byteLength,
    attachments: inspection.attachments,
    problems: inspection.problems,
    partOrigins: new Map(inspection.origins),
    encrypted,
    ...(justification === undefined ? {} : { justification }),
    // Where the provider cannot encrypt, waiting for it would let the message leave.
    ...(connector.can(job.stage).has("encrypt") ? {} : { encryption: "failed" as const }),
  };
  const evaluateWith = (rules: Policy): Evaluation => evaluate(rules, facts, inspection.tallies);
  // A backfill that is not to act is watched like an observing tenant: it uses up nobody's actions.
  const guarded = job.past?.act === false ? { ...tenant, mode: "observe" as const } : tenant;
  const { evaluation, tripped } = await guard(policy.policy, evaluateWith, guarded, dependencies);
  const decided = {
    job,
    mime: fetched.mime,
    inspection,
    evaluation,
    tripped,
    policy,
    tenant,
    connector,
    directory,
    encrypted,
  };
  const { created, record } = await enforce(decided, dependencies);
  if (!created) return { outcome: "duplicate", reason: "known-mail", recordId: null };
  dependencies.metrics.count("postern_verdicts_total", { verdict: record.verdict, stage: record.stage });
  dependencies.logger.info(
    { message: record.id, tenant: tenant.id, verdict: record.verdict, status: record.status, stage: record.stage },
    "message scanned",
  );
  return {
    outcome: "verdict",
    reason: null,
    recordId: record.actions.some((action) => action.state === "planned") ? record.id : null,
    record,
  };
}

/** What is linked instead of attached was not read: never silently clean. Its names, unread too, are left out. */
function withCloudFiles(inspection: Inspection, count: number): Inspection {
  if (count === 0) return inspection;
  const links = Array.from({ length: count }, (_, index) => ({
    part: `attachment:cloud-file-${index + 1}`,
    code: "unreachable" as const,
    detail: "the file is kept in a cloud, the message has a link to it",
  }));
  return {
    ...inspection,
    problems: [...inspection.problems, ...links],
    status: inspection.status === "failed" ? "failed" : "partial",
  };
}

async function isKnown({ ref, stage, past }: ScanJob, { messages, policy }: ScanDependencies): Promise<boolean> {
  if (!past) return messages.isKnown(ref, stage);
  return messages.isKnown(ref, stage, { ...past, policyRevision: (await policy()).revision });
}

/** Recipients of the header and of the provider's metadata (which knows Bcc), each once. */
function addresses(inspection: Inspection, known: readonly Recipient[]): string[] {
  return [...new Set([...(inspection.head?.recipients ?? []), ...known].map((recipient) => recipient.address))];
}

/** S/MIME enveloped data (RFC 8551) and PGP/MIME (RFC 3156) leave unreadable for others; signed data does not. */
export function isEncrypted(head: MessageHead | null): boolean {
  const type = head?.headers.find(([name]) => name === "content-type")?.[1].toLowerCase() ?? "";
  if (type.startsWith("multipart/encrypted")) return true;
  return /^application\/(x-)?pkcs7-mime/.test(type) && !type.includes("signed-data");
}
