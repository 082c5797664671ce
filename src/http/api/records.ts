import { z } from "zod";
import { ACTION_KINDS } from "../../core/action.ts";
import { PROBLEM_CODES } from "../../core/part.ts";
import type { MessageRecord, QuarantineItem } from "../../core/records.ts";
import { VERDICTS } from "../../core/verdict.ts";

/** The records of the contract as the API shows them, with the functions that make them from the store's. */

const time = z.iso.datetime();
export const stageSchema = z.enum(["compose", "draft", "outbox", "sent", "file"]);
export const verdictSchema = z.enum(VERDICTS);
const confidenceSchema = z.enum(["low", "medium", "high"]);

export const findingSchema = z.object({
  detector: z.string(),
  part: z.string(),
  count: z.number().int().describe("distinct values"),
  occurrences: z.number().int(),
  confidence: confidenceSchema,
  masked: z.array(z.string()).describe("at most ten samples"),
});
export const problemSchema = z.object({ part: z.string(), code: z.enum(PROBLEM_CODES), detail: z.string() });
export const recipientSchema = z.object({
  address: z.string(),
  external: z.boolean(),
  verdict: verdictSchema,
  rules: z.array(z.string()),
});

export const actionSchema = z.object({
  id: z.string(),
  kind: z.enum(ACTION_KINDS),
  target: z.string(),
  state: z.enum(["planned", "done", "failed", "not-possible"]),
  reason: z.string().nullable(),
  attempts: z.number().int(),
  at: time,
});

export const messageSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  provider: z.enum(["microsoft", "google", "files"]),
  mailbox: z.string(),
  stage: stageSchema,
  trigger: z.enum(["notification", "catch-up", "backfill", "upload"]),
  internetMessageId: z.string().nullable(),
  providerMessageId: z.string(),
  sender: z.string(),
  subject: z.string(),
  scannedAt: time,
  verdict: verdictSchema,
  status: z.enum(["complete", "partial", "failed"]),
  policyRevision: z.string(),
  recipients: z.array(recipientSchema),
  findings: z.array(findingSchema),
  problems: z.array(problemSchema),
  monitored: z.array(z.object({ rule: z.string(), verdict: verdictSchema })),
  actions: z.array(actionSchema),
});

export function showMessage(record: MessageRecord): z.input<typeof messageSchema> {
  const { ref, scannedAt, actions, recipients, findings, problems, monitored, ...rest } = record;
  return {
    ...rest,
    tenant: ref.tenantId,
    provider: ref.provider,
    mailbox: ref.mailbox,
    providerMessageId: ref.messageId,
    scannedAt: scannedAt.toISOString(),
    recipients: recipients.map((recipient) => ({ ...recipient, rules: [...recipient.rules] })),
    findings: findings.map((finding) => ({ ...finding, masked: [...finding.masked] })),
    problems: [...problems],
    monitored: [...monitored],
    actions: actions.map(({ id, kind, target, state, reason, attempts, at }) => ({
      id,
      kind,
      target,
      state,
      reason,
      attempts,
      at: at.toISOString(),
    })),
  };
}

const quarantineState = z.enum(["held", "released", "deleted", "expired"]);
export const quarantineSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  incident: z.string().describe("id of the message's record"),
  state: quarantineState,
  final: z.boolean().describe("blocked: can be deleted and expires, cannot be released"),
  expiresAt: time,
  sender: z.string(),
  recipients: z.array(z.string()),
  subject: z.string(),
  sha256: z.string().describe("of the sealed message; stays after it was deleted"),
  history: z.array(z.object({ state: quarantineState, by: z.string(), at: time, reason: z.string().nullable() })),
});

export function showQuarantine(item: QuarantineItem): z.input<typeof quarantineSchema> {
  const { tenantId, vaultKey: _vaultKey, expiresAt, recipients, history, ...rest } = item;
  return {
    ...rest,
    tenant: tenantId,
    expiresAt: expiresAt.toISOString(),
    recipients: [...recipients],
    history: history.map((step) => ({ ...step, at: step.at.toISOString() })),
  };
}
