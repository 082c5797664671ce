import type { GoogleTenantSettings } from "../../src/core/tenant.ts";
import { type IsWatched, isSingle } from "./allowed-mailboxes.ts";
import type { DirectoryApi } from "./directory-api.ts";

/** Enough to find one person with a mailbox among service and suspended users. */
const CANDIDATES = 50;

/**
 * The mailbox that stands for all in a check: the first single mailbox that the choice names; where it names only
 * groups of mailboxes, the administrator's, or another watched user's when the administrator has none.
 */
export async function probeMailbox(
  settings: GoogleTenantSettings,
  directory: DirectoryApi,
  isWatched: IsWatched,
): Promise<string> {
  const admin = settings.adminEmail.toLowerCase();
  const named = settings.mailboxes === "all" ? undefined : settings.mailboxes.find(isSingle)?.toLowerCase();
  if (named !== undefined && !(await isGroup(named, directory))) return named;
  try {
    const users = await directory.users(CANDIDATES);
    const usable = users
      .filter((user) => user.suspended !== true && user.archived !== true && user.isMailboxSetup !== false)
      .map((user) => user.primaryEmail.toLowerCase());
    if (usable.includes(admin)) return admin;
    for (const address of usable) if (await isWatched(address)) return address;
    return admin;
  } catch {
    // The check named `users` tells what is wrong.
    return admin;
  }
}

async function isGroup(address: string, directory: DirectoryApi): Promise<boolean> {
  try {
    const groups = await directory.groups();
    return groups.some(({ email, aliases }) => [email, ...aliases].some((each) => each.toLowerCase() === address));
  } catch {
    return false;
  }
}
