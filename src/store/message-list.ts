import { sql } from "kysely";
import type { MessageRecord } from "../core/records.ts";
import type { MessageFilter, Page, PageRequest } from "../core/store.ts";
import type { Queries } from "./driver.ts";
import { RECORD_COLUMNS, withActions } from "./message-rows.ts";
import { limitOf, pageOf, placeOf } from "./page.ts";

/** Newest first, by (scannedAt, id), so that a page never repeats or skips what was there when the first was read. */
export async function listMessages(
  db: Queries,
  filter: MessageFilter,
  page: PageRequest,
): Promise<Page<MessageRecord>> {
  const limit = limitOf(page);
  const place = placeOf(page);
  let query = db.selectFrom("messages").select(RECORD_COLUMNS);
  if (filter.tenant !== undefined) query = query.where("tenant_id", "=", filter.tenant);
  if (filter.mailbox !== undefined) query = query.where("mailbox", "=", filter.mailbox.toLowerCase());
  if (filter.internetMessageId !== undefined) query = query.where("internet_message_id", "=", filter.internetMessageId);
  if (filter.verdict !== undefined) query = query.where("verdict", "=", filter.verdict);
  // Written out, not as a parameter, so that the partial index serves it.
  if (filter.incidentsOnly === true) query = query.where(sql<boolean>`verdict <> 'allow'`);
  if (filter.stage !== undefined) query = query.where("stage", "=", filter.stage);
  if (filter.since !== undefined) query = query.where("scanned_at", ">=", filter.since);
  if (filter.until !== undefined) query = query.where("scanned_at", "<", filter.until);
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
