import { sql } from "kysely";
import type { NewAction } from "../core/records.ts";
import type { ActionStore } from "../core/store.ts";
import { insertActions, toStoredAction } from "./action-rows.ts";
import type { Queries } from "./driver.ts";
import { actionEvent } from "./event-bodies.ts";
import { appendEvents } from "./event-log.ts";
import { toJson } from "./json.ts";

/** What is to be done at the provider, and how it ended. */
export function actionStore(db: Queries): ActionStore {
  const free = { lease_token: null, lease_until: null };
  return {
    async forMessage(messageId) {
      const rows = await db
        .selectFrom("actions")
        .selectAll()
        .where("message_id", "=", messageId)
        .orderBy("step")
        .orderBy("id")
        .execute();
      return rows.map(toStoredAction);
    },

    async add(messageId, actions, now) {
      await db.transaction().execute((trx) => addActions(trx, messageId, actions, now));
    },

    async claim(id, lease, now) {
      const row = await db
        .updateTable("actions")
        .set((column) => ({
          lease_token: lease.token,
          lease_until: lease.until,
          attempts: column("attempts", "+", 1),
        }))
        .where("id", "=", id)
        .where("state", "=", "planned")
        .where("not_before", "<=", now)
        .where((where) => where.or([where("lease_until", "is", null), where("lease_until", "<=", now)]))
        .returningAll()
        .executeTakeFirst();
      return row && toStoredAction(row);
    },

    async renew(id, lease) {
      const result = await db
        .updateTable("actions")
        .set({ lease_until: lease.until })
        .where("id", "=", id)
        .where("lease_token", "=", lease.token)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    finish(id, token, outcome, now) {
      return db.transaction().execute(async (trx) => {
        const row = await trx
          .updateTable("actions")
          .set({
            ...free,
            state: outcome.state,
            reason: outcome.reason,
            at: now,
            ...(outcome.copies && { copies: toJson(outcome.copies) }),
          })
          .where("id", "=", id)
          .where("lease_token", "=", token)
          .where("state", "=", "planned")
          .returning(["id", "kind", "target", "message_id"])
          .executeTakeFirst();
        if (row === undefined) return false;
        const tenantId = await tenantOf(trx, row.message_id);
        await appendEvents(trx, tenantId, [actionEvent(row.message_id, row, outcome)], now);
        return true;
      });
    },

    async postpone(id, token, until, reason) {
      const result = await db
        .updateTable("actions")
        .set({ ...free, not_before: until, reason })
        .where("id", "=", id)
        .where("lease_token", "=", token)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async due(now, limit) {
      const rows = await db
        .selectFrom("actions")
        .select("message_id")
        .where("state", "=", "planned")
        .where("not_before", "<=", now)
        .where((where) => where.or([where("lease_until", "is", null), where("lease_until", "<=", now)]))
        .groupBy("message_id")
        .orderBy(sql`min(not_before)`)
        .orderBy("message_id")
        .limit(limit)
        .execute();
      return rows.map((row) => row.message_id);
    },

    async releaseAll() {
      await db
        .updateTable("actions")
        .set(free)
        .where("state", "=", "planned")
        .where("lease_token", "is not", null)
        .execute();
    },
  };
}

/** Adds actions and says so for those that were impossible from the start. */
async function addActions(trx: Queries, messageId: string, actions: readonly NewAction[], now: Date): Promise<void> {
  const added = await insertActions(trx, messageId, actions, now);
  const ended = actions.flatMap((action) =>
    action.state === "planned" || !added.has(action.id)
      ? []
      : [actionEvent(messageId, action, { state: action.state, reason: action.reason })],
  );
  if (ended.length > 0) await appendEvents(trx, await tenantOf(trx, messageId), ended, now);
}

async function tenantOf(trx: Queries, messageId: string): Promise<string> {
  const row = await trx
    .selectFrom("messages")
    .select("tenant_id")
    .where("id", "=", messageId)
    .executeTakeFirstOrThrow();
  return row.tenant_id;
}
