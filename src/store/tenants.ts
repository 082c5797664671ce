import type { Selectable } from "kysely";
import { PosternError } from "../core/errors.ts";
import type { TenantStore } from "../core/store.ts";
import type { Tenant } from "../core/tenant.ts";
import type { Queries } from "./driver.ts";
import { isDuplicate } from "./failure.ts";
import { toJson } from "./json.ts";
import type { TenantsTable } from "./tables.ts";

/** Connected tenants, their state and their sealed settings. */
export function tenantStore(db: Queries): TenantStore {
  return {
    async create(tenant, now) {
      try {
        await db
          .insertInto("tenants")
          .values({
            id: tenant.id,
            provider: tenant.provider,
            external_id: tenant.externalId,
            name: tenant.name,
            mode: tenant.mode,
            mailboxes: toJson(tenant.mailboxes),
            stages: toJson(tenant.stages),
            service_mailbox: tenant.serviceMailbox,
            state: tenant.state,
            checks: toJson(tenant.checks),
            domains: toJson(tenant.domains),
            sealed_settings: tenant.sealedSettings ?? null,
            created_at: now,
          })
          .execute();
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        throw new PosternError("CONFLICT", "This tenant is connected already", {
          details: { provider: tenant.provider, externalId: tenant.externalId },
        });
      }
      const { sealedSettings: _, ...shown } = tenant;
      return { ...shown, createdAt: now };
    },

    async get(id) {
      const row = await db.selectFrom("tenants").selectAll().where("id", "=", id).executeTakeFirst();
      return row && toTenant(row);
    },

    async settings(id) {
      const row = await db.selectFrom("tenants").select("sealed_settings").where("id", "=", id).executeTakeFirst();
      return row?.sealed_settings ?? undefined;
    },

    async list() {
      const rows = await db.selectFrom("tenants").selectAll().orderBy("created_at").orderBy("id").execute();
      return rows.map(toTenant);
    },

    async update(id, change) {
      const columns = {
        ...(change.name !== undefined && { name: change.name }),
        ...(change.mode !== undefined && { mode: change.mode }),
        ...(change.mailboxes !== undefined && { mailboxes: toJson(change.mailboxes) }),
        ...(change.stages !== undefined && { stages: toJson(change.stages) }),
        ...(change.serviceMailbox !== undefined && { service_mailbox: change.serviceMailbox }),
        ...(change.state !== undefined && { state: change.state }),
        ...(change.checks !== undefined && { checks: toJson(change.checks) }),
        ...(change.domains !== undefined && { domains: toJson(change.domains) }),
        ...(change.sealedSettings !== undefined && { sealed_settings: change.sealedSettings }),
      };
      if (Object.keys(columns).length === 0) return;
      await db.updateTable("tenants").set(columns).where("id", "=", id).execute();
    },

    async remove(id) {
      await db.deleteFrom("tenants").where("id", "=", id).execute();
    },
  };
}

function toTenant(row: Selectable<TenantsTable>): Tenant {
  return {
    id: row.id,
    provider: row.provider,
    name: row.name,
    externalId: row.external_id,
    mode: row.mode,
    mailboxes: row.mailboxes,
    stages: row.stages,
    serviceMailbox: row.service_mailbox,
    state: row.state,
    checks: row.checks,
    domains: row.domains,
    createdAt: row.created_at,
  };
}
