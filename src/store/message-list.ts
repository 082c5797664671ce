import { type Expression, type ExpressionBuilder, type SqlBool, sql } from "kysely";
import type { MessageRecord } from "../core/records.ts";
import type { MessageFilter, Page, PageRequest } from "../core/store.ts";
import type { Queries } from "./driver.ts";
import { RECORD_COLUMNS, withActions } from "./message-rows.ts";
import { limitOf, pageOf, placeOf } from "./page.ts";
import type { Tables } from "./tables.ts";

/** Newest first, by (scannedAt, id), so that a page never repeats or skips what was there when the first was read. */
export async function listMessages(
  db: Queries,
  filter: MessageFilter,
  page: PageRequest,
): Promise<Page<MessageRecord>> {
  const limit = limitOf(page);
  const place = placeOf(page);
  let query = db.selectFrom("messages").select(RECORD_COLUMNS).where(fits(filter));
  if (place) query = query.where(sql<boolean>`(scanned_at, id) < (${place.at}::timestamptz, ${place.id})`);
  const rows = await query
    .orderBy("scanned_at", "desc")
    .orderBy("id", "desc")
    .limit(limit + 1)
    .execute();
  const { items, next } = pageOf(
    rows,
    limit,
    (row) => ({ at: row.scanned_at, id: row.id }),
    (row) => row,
  );
  return { items: await withActions(db, items), next };
}

export async function countMessages(db: Queries, filter: MessageFilter): Promise<number> {
  const counted = await db
    .selectFrom("messages")
    .select(({ fn }) => fn.countAll().as("count"))
    .where(fits(filter))
    .executeTakeFirstOrThrow();
  return Number(counted.count);
}

function fits(filter: MessageFilter) {
  return ({ and, eb }: ExpressionBuilder<Tables, "messages">) => {
    const asked: Expression<SqlBool>[] = [];
    if (filter.tenant !== undefined) asked.push(eb("tenant_id", "=", filter.tenant));
    if (filter.mailbox !== undefined) asked.push(eb("mailbox", "=", filter.mailbox.toLowerCase()));
    if (filter.internetMessageId !== undefined) asked.push(eb("internet_message_id", "=", filter.internetMessageId));
    if (filter.verdict !== undefined) asked.push(eb("verdict", "=", filter.verdict));
    // Written out, not as a parameter, so that the partial index serves it.
    if (filter.incidentsOnly === true) asked.push(sql<boolean>`verdict <> 'allow'`);
    if (filter.stage !== undefined) asked.push(eb("stage", "=", filter.stage));
    if (filter.since !== undefined) asked.push(eb("scanned_at", ">=", filter.since));
    if (filter.until !== undefined) asked.push(eb("scanned_at", "<", filter.until));
    return and(asked);
  };
}
