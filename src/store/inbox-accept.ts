import { sql } from "kysely";
import type { NewInboxItem } from "../core/store.ts";
import type { Queries } from "./driver.ts";
import { newId } from "./ids.ts";
import { toJson } from "./json.ts";

/**
 * Writes any number of items with one statement, so that a micro-batch costs as much as one item.
 * What a repeat means is decided row by row under the row's lock, see `InboxStore.accept`.
 */
export async function accept(db: Queries, items: readonly NewInboxItem[], now: Date): Promise<readonly string[]> {
  if (items.length === 0) return [];
  const rows = distinct(items).map(([, item]) => ({ ...item, id: newId(now), messageId: item.messageId ?? "" }));
  const given = sql`
    select * from jsonb_to_recordset(${toJson(rows)}::jsonb) as item (
      id text, "tenantId" text, provider text, mailbox text, stage text, trigger text, kind text, "messageId" text
    )
  `;
  const { rows: written } = await sql<{ id: string }>`
    insert into postern.inbox as known
      (id, tenant_id, provider, mailbox, stage, trigger, kind, message_id, accepted_at, not_before)
    select id, "tenantId", provider, mailbox, stage, trigger, kind, "messageId", ${now}::timestamptz, ${now}::timestamptz
    from (${given}) as given
    on conflict (tenant_id, mailbox, stage, kind, message_id) do update set
      again = known.state = 'pending',
      trigger = case when known.state = 'pending' then known.trigger else excluded.trigger end,
      accepted_at = case when known.state = 'pending' then known.accepted_at else excluded.accepted_at end,
      not_before = case when known.state = 'pending' then known.not_before else excluded.not_before end,
      reason = case when known.state = 'pending' then known.reason end,
      attempts = case when known.state = 'pending' then known.attempts else 0 end,
      tries = case when known.state = 'pending' then known.tries else 0 end,
      finished_at = null,
      state = 'pending'
    where (known.kind = 'sync' or known.stage <> 'sent' or known.state = 'missing')
      and (known.state <> 'pending' or (not known.again and known.lease_token is not null))
    returning known.id
  `.execute(db);
  if (written.length === rows.length) return written.map((row) => row.id);
  // Some were there and stay as they are; those of them that still wait are woken as well.
  const { rows: pending } = await sql<{ id: string }>`
    select known.id from postern.inbox known join (${given}) as given on known.tenant_id = given."tenantId"
      and known.mailbox = given.mailbox and known.stage = given.stage and known.kind = given.kind
      and known.message_id = given."messageId"
    where known.state = 'pending'
  `.execute(db);
  return pending.map((row) => row.id);
}

/** Once each, in one order for all callers: batches that overlap wait for each other instead of deadlocking. */
function distinct(items: readonly NewInboxItem[]): readonly (readonly [string, NewInboxItem])[] {
  const byKey = new Map<string, NewInboxItem>();
  for (const item of items) {
    const key = JSON.stringify([item.tenantId, item.mailbox, item.stage, item.kind, item.messageId]);
    if (!byKey.has(key)) byKey.set(key, item);
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1));
}
