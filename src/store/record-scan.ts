import type { MessageRecord, NewQuarantineItem, NewScan } from "../core/records.ts";
import { insertActions } from "./action-rows.ts";
import type { Queries } from "./driver.ts";
import { actionEvent, quarantineEvent, verdictEvent } from "./event-bodies.ts";
import { appendEvents } from "./event-log.ts";
import { newId } from "./ids.ts";
import { toJson } from "./json.ts";
import { RECORD_COLUMNS, withActions } from "./message-rows.ts";
import { besides, isSettled, ofMail } from "./settled-mail.ts";

type Recorded = { readonly created: boolean; readonly record: MessageRecord };

/**
 * One transaction for everything that a scan leaves behind. The unique constraint on (tenant, mailbox, stage,
 * identity) decides which of two workers writes; the other one's `created` is false.
 */
export async function recordScan(db: Queries, scan: NewScan): Promise<Recorded> {
  const at = scan.record.scannedAt;
  const id = newId(at);
  const created = await db.transaction().execute(async (trx) => {
    if (!(await insertMessage(trx, id, scan)) && !(await insertBesides(trx, id, scan))) return false;
    await insertActions(trx, id, scan.actions, at);
    const quarantineId = scan.quarantine && (await insertQuarantineItem(trx, id, scan, scan.quarantine));
    const events = [
      verdictEvent(id, scan),
      ...overrideEvents(id, scan),
      ...(quarantineId === null ? [] : [quarantineEvent(id, quarantineId, held(at))]),
      ...scan.actions.flatMap((action) =>
        action.state === "planned" ? [] : [actionEvent(id, action, { state: action.state, reason: action.reason })],
      ),
    ];
    await appendEvents(trx, scan.record.ref.tenantId, events, at);
    return true;
  });
  if (!created) return { created, record: await refresh(db, scan) };
  const actions = scan.actions.map(({ kind, target, state, reason, id: actionId }) => ({
    id: actionId,
    kind,
    target,
    state,
    reason,
    attempts: 0,
    at,
  }));
  return { created, record: { ...scan.record, id, actions } };
}

/** Who sent a message although rules objected, and why. */
function overrideEvents(messageId: string, { record, overridden }: NewScan) {
  if (overridden === undefined) return [];
  const { rules, justification } = overridden;
  const facts = { resource: "messages", resourceId: messageId, rules, justification };
  return [{ kind: "audit" as const, body: { change: "rule-overridden", by: record.sender, ...facts } }];
}

async function insertMessage(trx: Queries, id: string, { record, identity, evidence }: NewScan): Promise<boolean> {
  const written = await trx
    .insertInto("messages")
    .values({
      id,
      tenant_id: record.ref.tenantId,
      provider: record.ref.provider,
      mailbox: record.ref.mailbox,
      stage: record.stage,
      trigger: record.trigger,
      provider_message_id: record.ref.messageId,
      identity,
      internet_message_id: record.internetMessageId,
      sender: record.sender,
      subject: record.subject,
      scanned_at: record.scannedAt,
      verdict: record.verdict,
      status: record.status,
      policy_revision: record.policyRevision,
      recipients: toJson(record.recipients),
      findings: toJson(record.findings),
      problems: toJson(record.problems),
      monitored: toJson(record.monitored),
      evidence: toJson(evidence),
    })
    .onConflict((conflict) => conflict.columns(["tenant_id", "mailbox", "stage", "identity"]).doNothing())
    .returning("id")
    .executeTakeFirst();
  return written !== undefined;
}

/** Another record for a mail whose earlier ones do not settle it. */
async function insertBesides(trx: Queries, id: string, scan: NewScan): Promise<boolean> {
  const { ref, stage, policyRevision } = scan.record;
  const known = { tenantId: ref.tenantId, mailbox: ref.mailbox, stage, identity: scan.identity };
  const past = scan.past && { ...scan.past, policyRevision };
  if (await isSettled(trx, known, past)) return false;
  return insertMessage(trx, id, { ...scan, identity: besides(scan.identity, policyRevision, past) });
}

async function insertQuarantineItem(
  trx: Queries,
  messageId: string,
  { record }: NewScan,
  item: NewQuarantineItem,
): Promise<string> {
  const id = newId(record.scannedAt);
  await trx
    .insertInto("quarantine_items")
    .values({
      id,
      message_id: messageId,
      tenant_id: record.ref.tenantId,
      vault_key: item.vaultKey,
      sha256: item.sha256,
      expires_at: item.expiresAt,
      final: item.final,
      state: "held",
      sender: record.sender,
      recipients: toJson(record.recipients.map((recipient) => recipient.address)),
      subject: record.subject,
      history: toJson([held(record.scannedAt)]),
    })
    .execute();
  return id;
}

function held(at: Date): { readonly state: "held"; readonly by: string; readonly at: Date; readonly reason: null } {
  return { state: "held", by: "system", at, reason: null };
}

/** The mail has its record: remember under which provider id it was met last. */
async function refresh(db: Queries, { record, identity }: NewScan): Promise<MessageRecord> {
  const rows = await db
    .updateTable("messages")
    .set({ provider_message_id: record.ref.messageId })
    .where("tenant_id", "=", record.ref.tenantId)
    .where("mailbox", "=", record.ref.mailbox)
    .where("stage", "=", record.stage)
    .where(ofMail(identity))
    .returning(RECORD_COLUMNS)
    .execute();
  const [known] = await withActions(db, rows);
  if (known === undefined) throw new Error("A record that decided a race is gone");
  return known;
}
