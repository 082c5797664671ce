import type { Selectable } from "kysely";
import type { SyncPoint, SyncStore } from "../core/store.ts";
import type { Queries } from "./driver.ts";
import { isMissingParent } from "./failure.ts";
import type { SyncPointsTable } from "./tables.ts";

/** How far each mailbox and stage has been read. Writes for a tenant that was removed meanwhile do nothing. */
export function syncStore(db: Queries): SyncStore {
  return {
    async get(tenantId, mailbox, stage) {
      const row = await db
        .selectFrom("sync_points")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .where("mailbox", "=", mailbox)
        .where("stage", "=", stage)
        .executeTakeFirst();
      return row && toSyncPoint(row);
    },

    async list(tenantId) {
      const rows = await db
        .selectFrom("sync_points")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .orderBy("mailbox")
        .orderBy("stage")
        .execute();
      return rows.map(toSyncPoint);
    },

    async start(point) {
      await unlessTenantGone(
        db
          .insertInto("sync_points")
          .values(toRow({ ...point, syncedAt: null }))
          .onConflict((conflict) => conflict.doNothing())
          .execute(),
      );
    },

    async save(point) {
      const { cursor, since, synced_at } = toRow(point);
      await unlessTenantGone(
        db
          .insertInto("sync_points")
          .values(toRow(point))
          .onConflict((conflict) =>
            conflict.columns(["tenant_id", "mailbox", "stage"]).doUpdateSet({ cursor, since, synced_at }),
          )
          .execute(),
      );
    },
  };
}

async function unlessTenantGone(write: Promise<unknown>): Promise<void> {
  await write.catch((error: unknown) => {
    if (!isMissingParent(error)) throw error;
  });
}

function toRow(point: SyncPoint): Selectable<SyncPointsTable> {
  return {
    tenant_id: point.tenantId,
    mailbox: point.mailbox,
    stage: point.stage,
    cursor: point.cursor,
    since: point.since,
    synced_at: point.syncedAt,
  };
}

function toSyncPoint(row: Selectable<SyncPointsTable>): SyncPoint {
  return {
    tenantId: row.tenant_id,
    mailbox: row.mailbox,
    stage: row.stage,
    cursor: row.cursor,
    since: row.since,
    syncedAt: row.synced_at,
  };
}
