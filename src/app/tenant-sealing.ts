import type { TenantSettings } from "../core/tenant.ts";
import type { Sealer } from "../vault/sealer.ts";

/** A tenant's settings with its credential, as the database keeps them: sealed, bound to the tenant's id. */
export interface TenantSealing {
  seal(id: string, settings: TenantSettings): string;
  open(id: string, sealed: string): TenantSettings;
}

export function openTenantSealing(sealer: Sealer): TenantSealing {
  const context = (id: string): string => `tenant/${id}/settings`;
  return {
    seal: (id, settings) => sealer.seal(context(id), Buffer.from(JSON.stringify(settings))),
    open: (id, sealed) => JSON.parse(Buffer.from(sealer.open(context(id), sealed)).toString("utf8")) as TenantSettings,
  };
}
