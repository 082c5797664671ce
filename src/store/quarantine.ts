import { type Selectable, sql } from "kysely";
import { PosternError } from "../core/errors.ts";
import type { QuarantineItem, QuarantineTransition } from "../core/records.ts";
import type { QuarantineStore } from "../core/store.ts";
import { insertActions } from "./action-rows.ts";
import type { Queries } from "./driver.ts";
import { actionEvent, quarantineEvent } from "./event-bodies.ts";
import { appendEvents } from "./event-log.ts";
import { toJson } from "./json.ts";
import { limitOf, pageOf, placeOf } from "./page.ts";
import type { QuarantineTable } from "./tables.ts";

/** Held mail and what became of it. */
export function quarantineStore(db: Queries): QuarantineStore {
  return {
    async get(id) {
      const row = await db.selectFrom("quarantine_items").selectAll().where("id", "=", id).executeTakeFirst();
      return row && toItem(row);
    },

    async forMessage(messageId) {
      const row = await db
        .selectFrom("quarantine_items")
        .selectAll()
        .where("message_id", "=", messageId)
        .executeTakeFirst();
      return row && toItem(row);
    },

    async list(filter, page) {
      const limit = limitOf(page);
      const place = placeOf(page);
      let query = db.selectFrom("quarantine_items").selectAll();
      if (filter.tenant !== undefined) query = query.where("tenant_id", "=", filter.tenant);
      if (filter.state !== undefined) query = query.where("state", "=", filter.state);
      if (place) query = query.where("id", "<", place.id);
      const rows = await query
        .orderBy("id", "desc")
        .limit(limit + 1)
        .execute();
      return pageOf(rows, limit, (row) => ({ at: row.expires_at, id: row.id }), toItem);
    },

    transition(id, to, by, reason, actions, now) {
      const change: QuarantineTransition = { state: to, by, at: now, reason };
      return db.transaction().execute(async (trx) => {
        const row = await changeHeld(trx, id, change);
        if (row === undefined) throw await refusal(trx, id);
        await insertActions(trx, row.message_id, actions, now);
        const ended = actions.flatMap((action) =>
          action.state === "planned"
            ? []
            : [actionEvent(row.message_id, action, { state: action.state, reason: action.reason })],
        );
        await appendEvents(trx, row.tenant_id, [quarantineEvent(row.message_id, id, change), ...ended], now);
        return toItem(row);
      });
    },

    async expired(now, limit) {
      const rows = await db
        .selectFrom("quarantine_items")
        .selectAll()
        .where("state", "=", "held")
        .where("expires_at", "<=", now)
        .orderBy("expires_at")
        .orderBy("id")
        .limit(limit)
        .execute();
      return rows.map(toItem);
    },
  };
}

/** Of two managers who decide at once exactly one finds the item held. A final item cannot be released. */
async function changeHeld(
  trx: Queries,
  id: string,
  change: QuarantineTransition,
): Promise<Selectable<QuarantineTable> | undefined> {
  let query = trx
    .updateTable("quarantine_items")
    .set({ state: change.state, history: sql`history || ${toJson([change])}::jsonb` })
    .where("id", "=", id)
    .where("state", "=", "held");
  if (change.state === "released") query = query.where("final", "=", false);
  return await query.returningAll().executeTakeFirst();
}

async function refusal(trx: Queries, id: string): Promise<PosternError> {
  const row = await trx
    .selectFrom("quarantine_items")
    .select(["state", "final"])
    .where("id", "=", id)
    .executeTakeFirst();
  if (row === undefined) return new PosternError("NOT_FOUND", "There is no such quarantined message");
  const message =
    row.state === "held"
      ? "A blocked message cannot be released: delete it or let it expire"
      : `The message is ${row.state} already`;
  return new PosternError("CONFLICT", message, { details: { state: row.state, final: row.final } });
}

function toItem(row: Selectable<QuarantineTable>): QuarantineItem {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    incident: row.message_id,
    vaultKey: row.vault_key,
    sha256: row.sha256,
    expiresAt: row.expires_at,
    final: row.final,
    state: row.state,
    sender: row.sender,
    recipients: row.recipients,
    subject: row.subject,
    history: row.history.map((entry) => ({ ...entry, at: new Date(entry.at) })),
  };
}
