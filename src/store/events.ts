import { type Selectable, sql } from "kysely";
import type { EventRecord } from "../core/records.ts";
import type { EventStore } from "../core/store.ts";
import type { Queries } from "./driver.ts";
import { appendEvents, hashOf } from "./event-log.ts";
import { eventRetention } from "./event-retention.ts";
import type { EventsTable } from "./tables.ts";

/** How many events `verify` holds in memory at once. */
const VERIFY_BATCH = 1_000;

/** The chained record of verdicts, actions, quarantine changes and administrators' changes. */
export function eventStore(db: Queries): EventStore {
  const list: EventStore["list"] = async (tenantId, after, limit) => {
    const rows = await db
      .selectFrom("events")
      .selectAll()
      .where("tenant_id", "=", tenantId)
      .where("sequence", ">", after)
      .orderBy("sequence")
      .limit(limit)
      .execute();
    return rows.map(toEvent);
  };
  return {
    list,
    ...eventRetention(db),

    async window({ since, until, tenantId, kinds }, after, limit) {
      const rows = await db
        .selectFrom("events")
        .selectAll()
        .where("at", ">=", since)
        .where("at", "<", until)
        .$if(tenantId !== undefined, (query) => query.where("tenant_id", "=", tenantId ?? ""))
        .$if(kinds !== undefined, (query) => query.where("kind", "in", kinds ?? []))
        .$if(after !== undefined, (query) =>
          query.where(
            sql<boolean>`(tenant_id, sequence) > (${after?.tenantId ?? ""}, ${after?.sequence ?? 0}::bigint)`,
          ),
        )
        .orderBy("tenant_id")
        .orderBy("sequence")
        .limit(limit)
        .execute();
      return rows.map(toEvent);
    },

    async append(tenantId, kind, body, now) {
      const written = await db.transaction().execute((trx) => appendEvents(trx, tenantId, [{ kind, body }], now));
      const [event] = written;
      if (event === undefined) throw new Error("An appended event came back empty");
      return event;
    },

    async verify(tenantId) {
      // The head first: events that are appended meanwhile lie behind it.
      const head = await db.selectFrom("event_heads").selectAll().where("tenant_id", "=", tenantId).executeTakeFirst();
      const end = Number(head?.sequence ?? 0);
      // Where retention left off.
      const begin = Number(head?.pruned ?? 0);
      let checked = begin;
      let before = head?.pruned_hash ?? "";
      while (checked < end) {
        const batch = await list(tenantId, checked, Math.min(VERIFY_BATCH, end - checked));
        for (const event of batch) {
          const { hash, ...facts } = event;
          if (event.sequence !== checked + 1 || hashOf(before, facts) !== hash) {
            return { checked: checked - begin, brokenAt: checked + 1 };
          }
          before = hash;
          checked += 1;
        }
        if (batch.length === 0) return { checked: checked - begin, brokenAt: checked + 1 };
      }
      return { checked: checked - begin, brokenAt: before === (head?.hash ?? "") ? null : end };
    },
  };
}

function toEvent(row: Selectable<EventsTable>): EventRecord {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    sequence: Number(row.sequence),
    at: row.at,
    kind: row.kind,
    body: row.body,
    hash: row.hash,
  };
}
