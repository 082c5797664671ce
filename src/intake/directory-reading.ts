import type { MailConnector } from "../core/ports.ts";
import type { DirectoryStore, SyncPoint, SyncStore, TenantStore } from "../core/store.ts";
import type { DirectoryGroup, DirectoryMailbox, Tenant } from "../core/tenant.ts";
import { chosenMailboxes } from "./chosen-mailboxes.ts";
import { watchedStages } from "./subscriptions.ts";

/** The whole directory is read this often (ms); between two readings only what the provider tells of changes. */
export const DIRECTORY_MS = 3_600_000;

export interface DirectoryReadingDependencies {
  readonly tenants: Pick<TenantStore, "update">;
  readonly directory: DirectoryStore;
  readonly syncs: SyncStore;
}

/**
 * Reads the tenant's directory and stores it; mailboxes that are new get a starting point.
 * @param lookedAt when the directory was looked at before, where that is known: whoever is new came after it.
 */
export async function readDirectory(
  tenant: Tenant,
  connector: MailConnector,
  lookedAt: Date | undefined,
  dependencies: DirectoryReadingDependencies,
  signal: AbortSignal,
): Promise<void> {
  const directory = await connector.directory(signal);
  await dependencies.tenants.update(tenant.id, { domains: directory.domains });
  await storePeople(tenant, directory.mailboxes, directory.groups, lookedAt, dependencies);
}

/** Stores who is there now and gives the mailboxes that are newly under watch their starting points. */
export async function storePeople(
  tenant: Tenant,
  mailboxes: readonly DirectoryMailbox[],
  groups: readonly DirectoryGroup[],
  lookedAt: Date | undefined,
  { directory, syncs }: DirectoryReadingDependencies,
): Promise<void> {
  const before = await directory.mailboxes(tenant.id);
  await directory.replace(tenant.id, mailboxes, groups);
  const points = await syncs.list(tenant.id);
  const standing = new Map(points.map((point) => [`${point.stage} ${point.mailbox}`, point]));
  const since = lookedAt ?? lastSeen(tenant, points);
  const formerly = new Map(before.map(({ userId, address }) => [userId, address]));
  const now = new Map(mailboxes.map(({ address, userId }) => [address, userId]));
  for (const mailbox of chosenMailboxes(tenant, mailboxes, groups)) {
    for (const stage of watchedStages({ tenant })) {
      if (standing.has(`${stage} ${mailbox}`)) continue;
      // The same mailbox under another primary address is read on from where it stood.
      const renamed = standing.get(`${stage} ${formerly.get(now.get(mailbox) ?? "")}`);
      if (renamed) await syncs.save({ ...renamed, mailbox });
      else await syncs.start({ tenantId: tenant.id, mailbox, stage, cursor: null, since });
    }
  }
}

/**
 * Since when a mailbox may be there that nobody saw before: since the reading before the last time that any mailbox was
 * read, or since the tenant was connected. Too early costs a look at mail that is a little older; too late, mail.
 */
function lastSeen({ createdAt }: Tenant, points: readonly SyncPoint[]): Date {
  const read = points.map((point) => (point.syncedAt ?? point.since).getTime() - DIRECTORY_MS);
  return new Date(read.reduce((latest, at) => Math.max(latest, at), createdAt.getTime()));
}
