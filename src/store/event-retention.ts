import { sql } from "kysely";
import type { EventStore } from "../core/store.ts";
import type { Queries } from "./driver.ts";

/** Events removed in one statement: it holds their tenant's head for a moment only. */
const AT_ONCE = 5_000;

/** Removes events from the oldest end of each tenant's chain, which keeps an anchor: what is left can still be verified. */
export function eventRetention(db: Queries): Pick<EventStore, "prune"> {
  return {
    async prune(before) {
      const tenants = await db.selectFrom("event_heads").select("tenant_id").execute();
      let removed = 0;
      for (const { tenant_id } of tenants) {
        let count: number;
        do {
          count = await pruneOldest(db, tenant_id, before);
          removed += count;
        } while (count === AT_ONCE);
      }
      return removed;
    },
  };
}

/** Up to the first event that is young enough; a later one with an earlier time stays. Returns how many went. */
async function pruneOldest(db: Queries, tenantId: string, before: Date): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with oldest as (
      select sequence, at from postern.events where tenant_id = ${tenantId} order by sequence limit ${AT_ONCE}
    ), edge as (
      select coalesce(min(sequence) filter (where at >= ${before}::timestamptz) - 1, max(sequence)) as last from oldest
    ), gone as (
      delete from postern.events using edge where tenant_id = ${tenantId} and sequence <= edge.last
      returning sequence, hash
    ), anchor as (
      update postern.event_heads set pruned = newest.sequence, pruned_hash = newest.hash
      from (select sequence, hash from gone order by sequence desc limit 1) as newest
      where event_heads.tenant_id = ${tenantId}
    )
    select count(*)::int as count from gone
  `.execute(db);
  return rows[0]?.count ?? 0;
}
