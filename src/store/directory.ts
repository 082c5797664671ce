import { sql } from "kysely";
import type { DirectoryStore } from "../core/store.ts";
import type { DirectoryGroup, DirectoryMailbox } from "../core/tenant.ts";
import type { Queries } from "./driver.ts";
import { toJson } from "./json.ts";

/** The last reading of each tenant's mailboxes and groups. */
export function directoryStore(db: Queries): DirectoryStore {
  return {
    async replace(tenantId, mailboxes, groups) {
      await db.transaction().execute(async (trx) => {
        // Two readings of one tenant at once: the later one waits and replaces the earlier.
        const tenant = await trx
          .selectFrom("tenants")
          .select("id")
          .where("id", "=", tenantId)
          .forUpdate()
          .executeTakeFirst();
        if (tenant === undefined) return;
        await replaceEntries(trx, "directory_mailboxes", tenantId, mailboxes);
        await replaceEntries(trx, "directory_groups", tenantId, groups);
      });
    },

    async mailboxes(tenantId) {
      const rows = await db
        .selectFrom("directory_mailboxes")
        .select("data")
        .where("tenant_id", "=", tenantId)
        .orderBy("address")
        .execute();
      return rows.map((row) => row.data);
    },

    async groups(tenantId) {
      const rows = await db
        .selectFrom("directory_groups")
        .select("data")
        .where("tenant_id", "=", tenantId)
        .orderBy("address")
        .execute();
      return rows.map((row) => row.data);
    },
  };
}

async function replaceEntries(
  trx: Queries,
  table: "directory_mailboxes" | "directory_groups",
  tenantId: string,
  entries: readonly (DirectoryMailbox | DirectoryGroup)[],
): Promise<void> {
  await trx.deleteFrom(table).where("tenant_id", "=", tenantId).execute();
  if (entries.length === 0) return;
  // One parameter for any number of rows; an address that comes twice counts once.
  await sql`
    insert into ${sql.table(`postern.${table}`)} (tenant_id, address, data)
    select ${tenantId}, entry ->> 'address', entry from jsonb_array_elements(${toJson(entries)}::jsonb) as entry
    on conflict do nothing
  `.execute(trx);
}
