import { z } from "zod";
import type { Tenant } from "../../core/tenant.ts";
import { stageSchema } from "./records.ts";

const checkSchema = z.object({
  name: z.string(),
  ok: z.boolean(),
  missing: z.string().nullable(),
  grant: z.string().nullable(),
  note: z.string().optional().describe("what to know of it though nothing is missing"),
});
export const tenantSchema = z.object({
  id: z.string(),
  provider: z.enum(["microsoft", "google"]),
  name: z.string(),
  externalId: z.string(),
  mode: z.enum(["observe", "respond"]),
  mailboxes: z.union([z.literal("all"), z.array(z.string())]),
  stages: z.array(stageSchema),
  serviceMailbox: z.string().nullable(),
  state: z.enum(["active", "degraded", "failed"]),
  checks: z.array(checkSchema),
  domains: z.array(z.string()),
  createdAt: z.iso.datetime(),
});
export const idParams = z.object({ id: z.string().max(200) });

/** A tenant as the API shows it. */
export function showTenant(tenant: Tenant): z.input<typeof tenantSchema> {
  return {
    ...tenant,
    mailboxes: tenant.mailboxes === "all" ? "all" : [...tenant.mailboxes],
    stages: [...tenant.stages],
    checks: [...tenant.checks],
    domains: [...tenant.domains],
    createdAt: tenant.createdAt.toISOString(),
  };
}
