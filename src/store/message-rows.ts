import { type Selectable, sql } from "kysely";
import type { ActionRecord, MessageRecord } from "../core/records.ts";
import type { Queries } from "./driver.ts";
import type { ActionsTable, MessagesTable } from "./tables.ts";

/** All but `identity` and `evidence`, which can be large and which no list shows. */
export const RECORD_COLUMNS = [
  "id",
  "tenant_id",
  "provider",
  "mailbox",
  "stage",
  "trigger",
  "provider_message_id",
  "internet_message_id",
  "sender",
  "subject",
  "scanned_at",
  "verdict",
  "status",
  "policy_revision",
  "recipients",
  "findings",
  "problems",
  "monitored",
] as const satisfies readonly (keyof MessagesTable)[];

export type RecordRow = Pick<Selectable<MessagesTable>, (typeof RECORD_COLUMNS)[number]>;

/** Completes rows with their actions: one more query for any number of rows. Keeps the order. */
export async function withActions(db: Queries, rows: readonly RecordRow[]): Promise<readonly MessageRecord[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const actions = await db
    .selectFrom("actions")
    .select(["id", "message_id", "kind", "target", "state", "reason", "attempts", "at"])
    .where(sql<boolean>`message_id = any(${ids}::text[])`)
    .orderBy("step")
    .orderBy("id")
    .execute();
  const byMessage = new Map<string, ActionRecord[]>(ids.map((id) => [id, []]));
  for (const action of actions) byMessage.get(action.message_id)?.push(toActionRecord(action));
  return rows.map((row) => toRecord(row, byMessage.get(row.id) ?? []));
}

export function toActionRecord(
  row: Pick<Selectable<ActionsTable>, "id" | "kind" | "target" | "state" | "reason" | "attempts" | "at">,
): ActionRecord {
  return {
    id: row.id,
    kind: row.kind,
    target: row.target,
    state: row.state,
    reason: row.reason,
    attempts: row.attempts,
    at: row.at,
  };
}

function toRecord(row: RecordRow, actions: readonly ActionRecord[]): MessageRecord {
  return {
    id: row.id,
    ref: {
      provider: row.provider,
      tenantId: row.tenant_id,
      mailbox: row.mailbox,
      messageId: row.provider_message_id,
    },
    stage: row.stage,
    trigger: row.trigger,
    internetMessageId: row.internet_message_id,
    sender: row.sender,
    subject: row.subject,
    scannedAt: row.scanned_at,
    verdict: row.verdict,
    status: row.status,
    policyRevision: row.policy_revision,
    recipients: row.recipients,
    findings: row.findings,
    problems: row.problems,
    monitored: row.monitored,
    actions,
  };
}
