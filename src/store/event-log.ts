import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { EventRecord } from "../core/records.ts";
import type { Queries } from "./driver.ts";
import { newId } from "./ids.ts";
import { canonicalJson, toJson } from "./json.ts";

export interface NewEvent {
  readonly kind: EventRecord["kind"];
  readonly body: EventRecord["body"];
}

/**
 * Appends events to a tenant's chain inside the caller's transaction: numbers without gaps, each hash over the one
 * before. Locks the tenant's head until the transaction ends, so call it last.
 */
export async function appendEvents(
  trx: Queries,
  tenantId: string,
  events: readonly NewEvent[],
  now: Date,
): Promise<readonly EventRecord[]> {
  const head = await trx
    .insertInto("event_heads")
    .values({ tenant_id: tenantId, sequence: events.length, hash: "" })
    .onConflict((conflict) =>
      conflict.column("tenant_id").doUpdateSet({ sequence: sql`event_heads.sequence + ${events.length}` }),
    )
    .returning(["sequence", "hash"])
    .executeTakeFirstOrThrow();
  const first = Number(head.sequence) - events.length + 1;
  const records = chain(tenantId, events, first, head.hash, now);
  await sql`
    with head as (
      update postern.event_heads set hash = ${records.at(-1)?.hash ?? head.hash} where tenant_id = ${tenantId}
    )
    insert into postern.events (tenant_id, sequence, id, at, kind, body, hash)
    select ${tenantId}, event.sequence, event.id, ${now}::timestamptz, event.kind, event.body, event.hash
    from jsonb_to_recordset(${toJson(records)}::jsonb) as event (sequence bigint, id text, kind text, body jsonb, hash text)
  `.execute(trx);
  return records;
}

/** SHA-256 (hex) over the hash before and every fact of the event, in a form that does not depend on key order. */
export function hashOf(before: string, event: Omit<EventRecord, "hash">): string {
  const facts = { ...event, at: event.at.getTime() };
  return createHash("sha256").update(before).update("\n").update(canonicalJson(facts)).digest("hex");
}

function chain(
  tenantId: string,
  events: readonly NewEvent[],
  first: number,
  before: string,
  now: Date,
): readonly EventRecord[] {
  const records: EventRecord[] = [];
  let last = before;
  for (const [index, { kind, body }] of events.entries()) {
    // As the database will give it back, or the hash would not fit what is read.
    const stored: EventRecord["body"] = JSON.parse(toJson(body));
    const event = { id: newId(now), tenantId, sequence: first + index, at: now, kind, body: stored };
    last = hashOf(last, event);
    records.push({ ...event, hash: last });
  }
  return records;
}
