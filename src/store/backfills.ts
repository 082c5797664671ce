import { type RawBuilder, type Selectable, sql } from "kysely";
import type { Backfill, BackfillCounts, BackfillMailbox, BackfillStore } from "../core/backfill.ts";
import type { BackfillMailboxesTable, BackfillsTable } from "./backfill-tables.ts";
import { backfillTurns } from "./backfill-turns.ts";
import type { Queries } from "./driver.ts";
import { newId } from "./ids.ts";
import { toJson } from "./json.ts";
import { limitOf, pageOf, placeOf } from "./page.ts";

type Row = Selectable<BackfillsTable> &
  BackfillCounts & {
    readonly total: number;
    readonly listed_mailboxes: number;
    readonly done_mailboxes: number;
    readonly failed_mailboxes: number;
  };

/** Scans of past mail as people see them; `backfillTurns` is the workers' side. */
export function backfillStore(db: Queries): BackfillStore {
  const get: BackfillStore["get"] = async (id) => {
    const [row] = await withCounts(db, sql`select * from postern.backfills where id = ${id}`);
    return row && toBackfill(row);
  };
  return {
    ...backfillTurns(db),
    get,

    async create({ tenantId, since, until, act, again }, mailboxes, now) {
      const id = newId(now);
      await db.transaction().execute(async (trx) => {
        await trx
          .insertInto("backfills")
          .values({
            ...{ id, since, until, act, again, tenant_id: tenantId, state: "running", reason: null },
            ...{ created_at: now, ended_at: null, turn_at: now },
          })
          .execute();
        await sql`
          insert into postern.backfill_mailboxes (backfill_id, mailbox, state, listed_to, not_before, turn_at)
          select ${id}, mailbox, 'open', ${since}::timestamptz, ${now}::timestamptz, ${now}::timestamptz
          from jsonb_array_elements_text(${toJson(mailboxes)}::jsonb) as given (mailbox)
        `.execute(trx);
      });
      const created = await get(id);
      if (created === undefined) throw new Error("A created backfill came back empty");
      return created;
    },

    async list({ tenant, state }, page) {
      const limit = limitOf(page);
      const place = placeOf(page);
      const rows = await withCounts(
        db,
        sql`
          select * from postern.backfills
          where (${tenant ?? null}::text is null or tenant_id = ${tenant ?? null})
            and (${state ?? null}::text is null or state = ${state ?? null})
            and (${place?.id ?? null}::text is null
              or (created_at, id) < (${place?.at ?? null}::timestamptz, ${place?.id ?? null}))
          order by created_at desc, id desc limit ${limit + 1}
        `,
      );
      return pageOf(rows, limit, (row) => ({ at: row.created_at, id: row.id }), toBackfill);
    },

    async mailboxes(id, page) {
      const limit = limitOf(page);
      const rows = await db
        .selectFrom("backfill_mailboxes")
        .selectAll()
        .where("backfill_id", "=", id)
        .where("mailbox", ">", placeOf(page)?.id ?? "")
        .orderBy("mailbox")
        .limit(limit + 1)
        .execute();
      return pageOf(rows, limit, (row) => ({ at: row.turn_at, id: row.mailbox }), toMailbox);
    },

    async failures(id, page) {
      const limit = limitOf(page);
      const rows = await db
        .selectFrom("backfill_messages")
        .selectAll()
        .where("backfill_id", "=", id)
        .where("state", "=", "failed")
        .where(sql<boolean>`position > ${placeOf(page)?.id ?? "-1"}::bigint`)
        .orderBy("position")
        .limit(limit + 1)
        .execute();
      return pageOf(
        rows,
        limit,
        (row) => ({ at: row.at, id: String(row.position) }),
        ({ mailbox, message_id: messageId, reason, at }) => ({ mailbox, messageId, reason: reason ?? "", at }),
      );
    },

    async change(id, from, to, reason, now) {
      return db.transaction().execute(async (trx) => {
        const changed = await trx
          .updateTable("backfills")
          .set({ state: to, reason, ended_at: to === "cancelled" ? now : null })
          .where("id", "=", id)
          .where("state", "in", [...from])
          .executeTakeFirst();
        if (changed.numUpdatedRows === 0n) return false;
        // What a worker holds is taken away when its turn ends.
        if (to === "cancelled")
          await sql`
            delete from postern.backfill_messages as messages using postern.backfill_mailboxes as mailboxes
            where messages.backfill_id = ${id} and messages.state <> 'failed' and mailboxes.backfill_id = ${id}
              and mailboxes.mailbox = messages.mailbox and mailboxes.lease_token is null
          `.execute(trx);
        return true;
      });
    },
  };
}

/** The backfills of `page` with the sums over their mailboxes. */
async function withCounts(db: Queries, page: RawBuilder<unknown>): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    select * from (${page}) as page cross join lateral (
      select count(*)::int as total,
        count(*) filter (where listed_to >= page.until)::int as listed_mailboxes,
        count(*) filter (where mailboxes.state = 'done')::int as done_mailboxes,
        count(*) filter (where mailboxes.state = 'failed')::int as failed_mailboxes,
        coalesce(sum(listed), 0)::int as listed, coalesce(sum(scanned), 0)::int as scanned,
        coalesce(sum(already), 0)::int as already, coalesce(sum(skipped), 0)::int as skipped,
        coalesce(sum(failed), 0)::int as failed, coalesce(sum(findings), 0)::int as findings,
        coalesce(sum(incidents), 0)::int as incidents
      from postern.backfill_mailboxes as mailboxes where mailboxes.backfill_id = page.id
    ) as counts
    order by page.created_at desc, page.id desc
  `.execute(db);
  return rows;
}

function toBackfill(row: Row): Backfill {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    since: row.since,
    until: row.until,
    act: row.act,
    again: row.again,
    state: row.state,
    reason: row.reason,
    createdAt: row.created_at,
    endedAt: row.ended_at,
    mailboxes: {
      total: row.total,
      listed: row.listed_mailboxes,
      done: row.done_mailboxes,
      failed: row.failed_mailboxes,
    },
    counts: countsOf(row),
  };
}

function toMailbox(row: Selectable<BackfillMailboxesTable>): BackfillMailbox {
  return {
    mailbox: row.mailbox,
    state: row.state,
    reason: row.reason,
    listedTo: row.listed_to,
    counts: countsOf(row),
  };
}

function countsOf({ listed, scanned, already, skipped, failed, findings, incidents }: BackfillCounts): BackfillCounts {
  return { listed, scanned, already, skipped, failed, findings, incidents };
}
