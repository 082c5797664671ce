import { type Selectable, sql } from "kysely";
import type { StoredWatch, WatchStore } from "../core/store.ts";
import type { Queries } from "./driver.ts";
import { isMissingParent } from "./failure.ts";
import type { WatchesTable } from "./tables.ts";

/** Push registrations at the providers. */
export function watchStore(db: Queries, urgent: Queries): WatchStore {
  return {
    async find(watchId) {
      const row = await urgent
        .selectFrom("watches")
        .innerJoin("tenants", "tenants.id", "watches.tenant_id")
        .selectAll("watches")
        .select("tenants.external_id")
        .where("watches.watch_id", "=", watchId)
        .orderBy("watches.created_at", "desc")
        .executeTakeFirst();
      return row && { ...toWatch(row), externalTenantId: row.external_id };
    },

    async current(tenantId, mailbox, stage) {
      const row = await db
        .selectFrom("watches")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .where("mailbox", "=", mailbox)
        .where("stage", "=", stage)
        .orderBy("created_at", "desc")
        .orderBy("expires_at", "desc")
        .executeTakeFirst();
      return row && toWatch(row);
    },

    async list(tenantId) {
      const rows = await db
        .selectFrom("watches")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .orderBy("mailbox")
        .orderBy("stage")
        .orderBy("created_at", "desc")
        .execute();
      return rows.map(toWatch);
    },

    async save(watch) {
      try {
        await db.transaction().execute((trx) => saveAndPrune(trx, watch));
      } catch (error) {
        // The tenant was removed meanwhile.
        if (!isMissingParent(error)) throw error;
      }
    },

    async remove(watchId, of) {
      let query = db.deleteFrom("watches").where("watch_id", "=", watchId);
      if (of) query = query.where("tenant_id", "=", of.tenantId).where("mailbox", "=", of.mailbox);
      await query.execute();
    },
  };
}

/** Keeps the newest and one predecessor, whose last notifications may still be on their way. */
async function saveAndPrune(trx: Queries, watch: StoredWatch): Promise<void> {
  const changing = { secret_hash: watch.secretHash, expires_at: watch.expiresAt, created_at: watch.createdAt };
  await trx
    .insertInto("watches")
    .values({
      tenant_id: watch.tenantId,
      mailbox: watch.mailbox,
      stage: watch.stage,
      watch_id: watch.watchId,
      ...changing,
    })
    .onConflict((conflict) => conflict.columns(["tenant_id", "mailbox", "stage", "watch_id"]).doUpdateSet(changing))
    .execute();
  await sql`
    delete from postern.watches
    where tenant_id = ${watch.tenantId} and mailbox = ${watch.mailbox} and stage = ${watch.stage} and watch_id not in (
      select watch_id from postern.watches
      where tenant_id = ${watch.tenantId} and mailbox = ${watch.mailbox} and stage = ${watch.stage}
      order by created_at desc, expires_at desc limit 2
    )
  `.execute(trx);
}

function toWatch(row: Selectable<WatchesTable>): StoredWatch {
  return {
    tenantId: row.tenant_id,
    mailbox: row.mailbox,
    stage: row.stage,
    watchId: row.watch_id,
    secretHash: row.secret_hash,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
  };
}
