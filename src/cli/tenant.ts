import type { TenantCheck } from "../core/tenant.ts";
import type { ApiClient } from "./api-client.ts";

interface ShownTenant {
  readonly id: string;
  readonly provider: string;
  readonly name: string;
  readonly state: string;
  readonly mode: string;
  readonly checks: readonly TenantCheck[];
}

type Print = (line: string) => void;

/** Connects a tenant from a settings file (the body of `POST /api/v1/tenants`). 0 well, 1 something missing. */
export async function connectTenant(settings: string, client: ApiClient, out: Print): Promise<0 | 1> {
  const answer = await client.call("POST", "/api/v1/tenants", { text: settings, contentType: "application/json" });
  return report(client.expect(answer, 201) as ShownTenant, out);
}

export async function listTenants(client: ApiClient, out: Print): Promise<0> {
  const { items } = client.expect(await client.call("GET", "/api/v1/tenants"), 200) as {
    readonly items: readonly ShownTenant[];
  };
  for (const tenant of items) out([tenant.id, tenant.provider, tenant.mode, tenant.state, tenant.name].join("\t"));
  return 0;
}

/** Tries every call again, for one tenant or all. 0 all well, 1 something missing. */
export async function examineTenants(id: string | undefined, client: ApiClient, out: Print): Promise<0 | 1> {
  const { items } = client.expect(await client.call("GET", "/api/v1/tenants"), 200) as {
    readonly items: readonly ShownTenant[];
  };
  const ids = id === undefined ? items.map((tenant) => tenant.id) : [id];
  let worst: 0 | 1 = 0;
  for (const each of ids) {
    const answer = await client.call("POST", `/api/v1/tenants/${encodeURIComponent(each)}/checks`);
    if (report(client.expect(answer, 200) as ShownTenant, out) === 1) worst = 1;
  }
  return worst;
}

function report(tenant: ShownTenant, out: Print): 0 | 1 {
  out(`${tenant.name} (${tenant.provider}, ${tenant.mode}): ${tenant.state}, id ${tenant.id}`);
  for (const check of tenant.checks) {
    out(`  ${check.ok ? "ok     " : "missing"} ${check.name}${check.missing === null ? "" : `: ${check.missing}`}`);
    if (check.grant !== null) out(`          ${check.grant}`);
  }
  return tenant.checks.every((check) => check.ok) ? 0 : 1;
}
