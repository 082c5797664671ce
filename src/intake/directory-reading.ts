import type { MailConnector } from "../core/ports.ts";
import type { DirectoryStore, SyncStore, TenantStore } from "../core/store.ts";
import type { DirectoryMailbox, Tenant } from "../core/tenant.ts";
import { watchedStages } from "./subscriptions.ts";

export interface DirectoryReadingDependencies {
  readonly tenants: Pick<TenantStore, "update">;
  readonly directory: DirectoryStore;
  readonly syncs: SyncStore;
}

/**
 * Reads the tenant's directory and stores it; mailboxes that are new get a starting point, so that they are caught up
 * from `since` on. Returns the addresses of the mailboxes under watch.
 */
export async function readDirectory(
  tenant: Tenant,
  connector: MailConnector,
  since: Date,
  dependencies: DirectoryReadingDependencies,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const directory = await connector.directory(signal);
  await dependencies.directory.replace(tenant.id, directory.mailboxes, directory.groups);
  await dependencies.tenants.update(tenant.id, { domains: directory.domains });
  const mailboxes = watchedMailboxes(tenant, directory.mailboxes);
  for (const mailbox of mailboxes)
    for (const stage of watchedStages({ tenant }))
      await dependencies.syncs.start({ tenantId: tenant.id, mailbox, stage, cursor: null, since });
  return mailboxes;
}

/** `all` usable mailboxes, or those that the administrator named (by primary address or alias) and that are usable. */
export function watchedMailboxes(
  tenant: Pick<Tenant, "mailboxes">,
  known: readonly DirectoryMailbox[],
): readonly string[] {
  const usable = known.filter((mailbox) => mailbox.usable);
  if (tenant.mailboxes === "all") return usable.map((mailbox) => mailbox.address);
  const chosen = new Set(tenant.mailboxes.map((address) => address.toLowerCase()));
  return usable
    .filter((mailbox) => chosen.has(mailbox.address) || mailbox.aliases.some((alias) => chosen.has(alias)))
    .map((mailbox) => mailbox.address);
}
