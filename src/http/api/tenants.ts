import { z } from "zod";
import { PosternError } from "../../core/errors.ts";
import type { DirectoryStore, TenantStore, WatchStore } from "../../core/store.ts";
import type { Tenant, TenantSettings } from "../../core/tenant.ts";
import { pageOf, paging } from "./paging.ts";
import { slice } from "./slice.ts";
import { registerTenantDoctor, type TenantDoctorDependencies } from "./tenant-doctor.ts";
import { idParams, showTenant, tenantSchema } from "./tenant-record.ts";
import { tenantSettingsSchema, toTenantSettings } from "./tenant-settings.ts";
import type { TypedServer } from "./typed-server.ts";

export interface TenantRouteDependencies extends TenantDoctorDependencies {
  readonly tenants: Pick<TenantStore, "get" | "list">;
  readonly directory: Pick<DirectoryStore, "mailboxes">;
  readonly watches: Pick<WatchStore, "list">;
  readonly connect: (settings: TenantSettings) => Promise<Tenant>;
  /** Ends registrations at the provider and forgets the tenant's credential. */
  readonly disconnect: (tenantId: string) => Promise<void>;
}

const mailboxSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  address: z.string(),
  aliases: z.array(z.string()),
  displayName: z.string(),
  manager: z.string().nullable(),
  usable: z.boolean(),
  watchedUntil: z.iso.datetime().nullable().describe("of the registration that ends first; null when none stands"),
});
type MailboxView = z.input<typeof mailboxSchema>;

export function registerTenants(server: TypedServer, dependencies: TenantRouteDependencies): void {
  const { tenants } = dependencies;
  async function existing(id: string): Promise<Tenant> {
    const tenant = await tenants.get(id);
    if (!tenant) throw new PosternError("NOT_FOUND", "there is no such tenant");
    return tenant;
  }

  server.post(
    "/api/v1/tenants",
    {
      schema: {
        body: tenantSettingsSchema,
        response: { 201: tenantSchema },
        tags: ["tenants"],
        summary: "Connects a tenant; a missing right is in `checks`, not an error",
      },
    },
    async (request, reply) =>
      reply.code(201).send(showTenant(await dependencies.connect(toTenantSettings(request.body)))),
  );
  server.get(
    "/api/v1/tenants",
    { schema: { querystring: z.object(paging), response: { 200: pageOf(tenantSchema) }, tags: ["tenants"] } },
    async (request) => {
      const { items, next } = slice((await tenants.list()).map(showTenant), request.query);
      return { items: [...items], next };
    },
  );
  server.get(
    "/api/v1/tenants/:id",
    { schema: { params: idParams, response: { 200: tenantSchema }, tags: ["tenants"] } },
    async (request) => showTenant(await existing(request.params.id)),
  );
  server.delete(
    "/api/v1/tenants/:id",
    {
      schema: {
        params: idParams,
        response: { 204: z.null() },
        tags: ["tenants"],
        summary: "Disconnects; records stay",
      },
    },
    async (request, reply) => {
      await existing(request.params.id);
      await dependencies.disconnect(request.params.id);
      return reply.code(204).send(null);
    },
  );
  registerTenantDoctor(server, dependencies);
  server.get(
    "/api/v1/mailboxes",
    {
      schema: {
        querystring: z.object({ ...paging, tenant: z.string().optional() }),
        response: { 200: pageOf(mailboxSchema) },
        tags: ["tenants"],
      },
    },
    async (request) => {
      const { tenant } = request.query;
      const ids = tenant === undefined ? (await tenants.list()).map(({ id }) => id) : [tenant];
      const all = await Promise.all(ids.map((id) => mailboxesOf(id, dependencies)));
      const { items, next } = slice(all.flat(), request.query);
      return { items: [...items], next };
    },
  );
}

async function mailboxesOf(tenant: string, dependencies: TenantRouteDependencies): Promise<MailboxView[]> {
  const [known, watches] = await Promise.all([
    dependencies.directory.mailboxes(tenant),
    dependencies.watches.list(tenant),
  ]);
  const until = (address: string): string | null => {
    const ends = watches.filter((watch) => watch.mailbox === address).map((watch) => watch.expiresAt.getTime());
    return ends.length === 0 ? null : new Date(Math.min(...ends)).toISOString();
  };
  return known.map(({ address, aliases, displayName, manager, usable }) => ({
    id: `${tenant}/${address}`,
    tenant,
    address,
    aliases: [...aliases],
    displayName,
    manager,
    usable,
    watchedUntil: until(address),
  }));
}
