import type { Consent } from "../core/live-check.ts";
import type { TenantCheck } from "../core/tenant.ts";
import type { ApiClient } from "./api-client.ts";
import { reportConsent } from "./consent.ts";
import type { Print } from "./print.ts";

export interface ShownTenant {
  readonly id: string;
  readonly provider: string;
  readonly name: string;
  readonly state: string;
  readonly mode: string;
  readonly checks: readonly TenantCheck[];
}

/** Connects a tenant from a settings file (the body of `POST /api/v1/tenants`). 0 well, 1 something missing. */
export async function connectTenant(settings: string, client: ApiClient, out: Print): Promise<0 | 1> {
  const answer = await client.call("POST", "/api/v1/tenants", { text: settings, contentType: "application/json" });
  const tenant = client.expect(answer, 201) as ShownTenant;
  const status = reportTenant(tenant, out);
  const consent = await client.call("GET", `/api/v1/tenants/${encodeURIComponent(tenant.id)}/consent`);
  reportConsent(client.expect(consent, 200) as Consent, out);
  return status;
}

export async function listTenants(client: ApiClient, out: Print): Promise<0> {
  const { items } = client.expect(await client.call("GET", "/api/v1/tenants"), 200) as {
    readonly items: readonly ShownTenant[];
  };
  for (const tenant of items) out([tenant.id, tenant.provider, tenant.mode, tenant.state, tenant.name].join("\t"));
  return 0;
}

/** The tenant and its checks. 0 all well, 1 something missing. */
export function reportTenant(tenant: ShownTenant, out: Print): 0 | 1 {
  out(`${tenant.name} (${tenant.provider}, ${tenant.mode}): ${tenant.state}, id ${tenant.id}`);
  for (const check of tenant.checks) {
    out(`  ${check.ok ? "ok     " : "missing"} ${check.name}${check.missing === null ? "" : `: ${check.missing}`}`);
    if (check.grant !== null) out(`          ${check.grant}`);
    if (check.note !== undefined) out(`          ${check.note}`);
  }
  return tenant.checks.every((check) => check.ok) ? 0 : 1;
}
