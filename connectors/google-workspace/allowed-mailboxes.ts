import { PosternError } from "../../src/core/errors.ts";
import type { DirectoryMailbox, GoogleTenantSettings } from "../../src/core/tenant.ts";

/**
 * Why a mailbox is entered.
 * `watch`: to read what its owner sent. `copies`: to take away or put back one copy of a mail that its owner sent or
 * received. `notices`: to send mail as the mailbox that sends notices. `directory`: as the administrator. `set-up`: to
 * try the rights once.
 */
export type Purpose = "watch" | "copies" | "notices" | "directory" | "set-up";

export type MailboxGuard = (address: string, purpose: Purpose) => Promise<void>;

type Lookup = (address: string) => Promise<DirectoryMailbox | undefined>;

/** Whether a mailbox, by its primary address, is under the tenant's choice. */
export type IsWatched = (address: string) => Promise<boolean>;

/**
 * An address that the choice names counts by itself; groups, domains and organisational units count for the mailboxes
 * that the tenant's directory says are in them.
 */
export function watchedMailboxes({ mailboxes }: Pick<GoogleTenantSettings, "mailboxes">, lookup: Lookup): IsWatched {
  if (mailboxes === "all") return async () => true;
  const entries = new Set(mailboxes.map((entry) => entry.toLowerCase()));
  return async (address) => {
    if (entries.has(`!${address}`)) return false;
    if (isSingle(address) && entries.has(address)) return true;
    const known = await lookup(address);
    return known?.address === address && known.chosen === true;
  };
}

/** Whether an entry of the choice names one address, and no domain or unit. */
export function isSingle(entry: string): boolean {
  return /^[^!*@:/]+@[^@]+$/.test(entry);
}

/**
 * Domain-wide delegation opens every mailbox of the customer, so the bounds are ours: `watch` only for the tenant's
 * choice; `copies` and `notices` only in respond mode and for usable mailboxes of its directory; `directory` for one
 * user.
 * Asked before a token is minted: a refused mailbox causes no request at all.
 * @returns a guard that rejects with PosternError PROVIDER_FORBIDDEN (reason `out-of-scope`).
 */
export function guardMailboxes(settings: GoogleTenantSettings, lookup: Lookup): MailboxGuard {
  const isWatched = watchedMailboxes(settings, lookup);

  return async (mailbox, purpose) => {
    const address = mailbox.toLowerCase();
    if (await isAllowed(address, purpose)) return;
    throw new PosternError("PROVIDER_FORBIDDEN", "The mailbox is outside what this tenant allows", {
      details: { reason: "out-of-scope", purpose },
    });
  };

  async function isAllowed(address: string, purpose: Purpose): Promise<boolean> {
    const isAdmin = address === settings.adminEmail.toLowerCase();
    if (purpose === "directory") return isAdmin;
    if (purpose === "watch") return isWatched(address);
    if (purpose === "set-up") return isAdmin || address === noticeMailbox(settings) || isWatched(address);
    const isOwn = purpose === "notices" ? address === noticeMailbox(settings) : await isWatched(address);
    return settings.mode === "respond" && (isOwn || (await lookup(address))?.usable === true);
  }
}

/** The mailbox that sends Postern's notices, lower case. */
export function noticeMailbox(settings: GoogleTenantSettings): string {
  return (settings.serviceMailbox ?? settings.adminEmail).toLowerCase();
}
