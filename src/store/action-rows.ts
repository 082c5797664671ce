import { type Selectable, sql } from "kysely";
import type { NewAction, StoredAction } from "../core/records.ts";
import type { Queries } from "./driver.ts";
import { toJson } from "./json.ts";
import { toActionRecord } from "./message-rows.ts";
import type { ActionsTable } from "./tables.ts";

/** Adds actions with one statement; those whose id is known stay as they are. Returns the ids that were new. */
export async function insertActions(
  trx: Queries,
  messageId: string,
  actions: readonly NewAction[],
  now: Date,
): Promise<ReadonlySet<string>> {
  if (actions.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`
    insert into postern.actions (id, message_id, kind, target, step, state, reason, input, at, not_before)
    select id, ${messageId}, kind, target, step, state, reason, input, ${now}::timestamptz, ${now}::timestamptz
    from jsonb_to_recordset(${toJson(actions)}::jsonb) as action (
      id text, kind text, target text, step int, state text, reason text, input jsonb
    )
    on conflict (id) do nothing
    returning id
  `.execute(trx);
  return new Set(rows.map((row) => row.id));
}

export function toStoredAction(row: Selectable<ActionsTable>): StoredAction {
  return {
    ...toActionRecord(row),
    messageId: row.message_id,
    copies: row.copies,
    step: row.step,
    input: row.input,
  };
}
