import { sql } from "kysely";
import type { InboxStore, Ledger } from "../core/store.ts";
import type { Queries } from "./driver.ts";

/** Counts of accepted messages by where they stand; the one reading is one snapshot, so that the sum holds. */
export async function readLedger(db: Queries, filter: Parameters<InboxStore["ledger"]>[0]): Promise<Ledger> {
  let query = db
    .selectFrom("inbox")
    .select(["state", sql<number>`count(*)::int`.as("count")])
    .where("kind", "=", "message");
  if (filter.tenantId !== undefined) query = query.where("tenant_id", "=", filter.tenantId);
  if (filter.since !== undefined) query = query.where("accepted_at", ">=", filter.since);
  if (filter.until !== undefined) query = query.where("accepted_at", "<", filter.until);
  const counts = new Map((await query.groupBy("state").execute()).map((row) => [row.state, row.count]));
  const of = (state: Parameters<typeof counts.get>[0]): number => counts.get(state) ?? 0;
  return {
    accepted: [...counts.values()].reduce((sum, count) => sum + count, 0),
    verdicts: of("verdict"),
    pending: of("pending"),
    dead: of("dead"),
    missing: of("missing"),
    skipped: of("skipped") + of("duplicate"),
  };
}
