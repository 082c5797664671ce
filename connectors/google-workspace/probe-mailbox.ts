import type { GoogleTenantSettings } from "../../src/core/tenant.ts";
import type { DirectoryApi } from "./directory-api.ts";

/** Enough to find one person with a mailbox among service and suspended users. */
const CANDIDATES = 50;

/**
 * The mailbox that stands for all in a check: the first of the list; where all are watched, the administrator's, or
 * another user's when the administrator has none.
 */
export async function probeMailbox(settings: GoogleTenantSettings, directory: DirectoryApi): Promise<string> {
  const admin = settings.adminEmail.toLowerCase();
  if (settings.mailboxes !== "all") return settings.mailboxes[0]?.toLowerCase() ?? admin;
  try {
    const users = await directory.users(CANDIDATES);
    const usable = users
      .filter((user) => user.suspended !== true && user.archived !== true && user.isMailboxSetup !== false)
      .map((user) => user.primaryEmail.toLowerCase());
    return usable.includes(admin) ? admin : (usable[0] ?? admin);
  } catch {
    // The check named `users` tells what is wrong.
    return admin;
  }
}
