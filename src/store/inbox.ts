import { type Selectable, sql } from "kysely";
import type { InboxItem, InboxStore } from "../core/store.ts";
import type { Queries } from "./driver.ts";
import { accept } from "./inbox-accept.ts";
import { readLedger } from "./ledger.ts";
import { limitOf, pageOf, placeOf } from "./page.ts";
import type { InboxTable } from "./tables.ts";

/** What was accepted and must end in exactly one outcome. */
export function inboxStore(db: Queries, urgent: Queries): InboxStore {
  const free = { lease_token: null, lease_until: null };
  return {
    accept: (items, now) => accept(urgent, items, now),

    async claim(id, lease, now) {
      const row = await db
        .updateTable("inbox")
        .set((column) => ({
          lease_token: lease.token,
          lease_until: lease.until,
          tries: column("tries", "+", 1),
          // This round reads whatever was noted before it.
          again: false,
        }))
        .where("id", "=", id)
        .where("state", "=", "pending")
        .where("not_before", "<=", now)
        .where((where) => where.or([where("lease_until", "is", null), where("lease_until", "<=", now)]))
        .returningAll()
        .executeTakeFirst();
      return row && toItem(row);
    },

    async renew(id, lease) {
      const result = await db
        .updateTable("inbox")
        .set({ lease_until: lease.until })
        .where("id", "=", id)
        .where("lease_token", "=", lease.token)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async finish(id, token, outcome, reason, now) {
      // `again`: something new came while the work was under way, which this round may not have seen.
      const result = await db
        .updateTable("inbox")
        .set({
          ...free,
          state: sql`case when again then 'pending' else ${outcome} end`,
          reason: sql`case when again then null else ${reason}::text end`,
          finished_at: sql`case when again then null else ${now}::timestamptz end`,
          attempts: sql`case when again then 0 else attempts end`,
          tries: sql`case when again then 0 else tries end`,
          not_before: now,
          again: false,
        })
        .where("id", "=", id)
        .where("lease_token", "=", token)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async postpone(id, token, until, counted, reason) {
      const result = await db
        .updateTable("inbox")
        .set((column) => ({
          ...free,
          not_before: until,
          reason,
          attempts: column("attempts", "+", counted ? 1 : 0),
          again: false,
        }))
        .where("id", "=", id)
        .where("lease_token", "=", token)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async due(now, limit) {
      const rows = await db
        .selectFrom("inbox")
        .selectAll()
        .where("state", "=", "pending")
        .where("not_before", "<=", now)
        .where((where) => where.or([where("lease_until", "is", null), where("lease_until", "<=", now)]))
        .orderBy("accepted_at")
        .orderBy("id")
        .limit(limit)
        .execute();
      return rows.map(toItem);
    },

    async releaseAll() {
      await db
        .updateTable("inbox")
        .set(free)
        .where("state", "=", "pending")
        .where("lease_token", "is not", null)
        .execute();
    },

    async find(ref, stage) {
      const row = await db
        .selectFrom("inbox")
        .selectAll()
        .where("tenant_id", "=", ref.tenantId)
        .where("mailbox", "=", ref.mailbox)
        .where("stage", "=", stage)
        .where("kind", "=", "message")
        .where("message_id", "=", ref.messageId)
        .executeTakeFirst();
      return row && toItem(row);
    },

    async dead(page) {
      const limit = limitOf(page);
      const place = placeOf(page);
      let query = db.selectFrom("inbox").selectAll().where("state", "=", "dead");
      if (place) query = query.where("id", "<", place.id);
      const rows = await query
        .orderBy("id", "desc")
        .limit(limit + 1)
        .execute();
      return pageOf(rows, limit, (row) => ({ at: row.accepted_at, id: row.id }), toItem);
    },

    async retryDead(id, now) {
      const result = await db
        .updateTable("inbox")
        .set({ ...free, state: "pending", attempts: 0, tries: 0, reason: null, not_before: now, finished_at: null })
        .where("id", "=", id)
        .where("state", "=", "dead")
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    ledger: (filter) => readLedger(db, filter),
  };
}

function toItem(row: Selectable<InboxTable>): InboxItem {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    provider: row.provider,
    mailbox: row.mailbox,
    stage: row.stage,
    trigger: row.trigger,
    kind: row.kind,
    messageId: row.message_id === "" ? null : row.message_id,
    attempts: row.attempts,
    tries: row.tries,
    acceptedAt: row.accepted_at,
    state: row.state,
    reason: row.reason,
    notBefore: row.not_before,
  };
}
