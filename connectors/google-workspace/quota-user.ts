import { createHash } from "node:crypto";

/**
 * The `quotaUser` parameter (at most 40 characters): keeps the mailboxes' budgets apart where Google would count all
 * calls of one service account together. A hash, so that no address appears in addresses and access logs.
 */
export function quotaUser(mailbox: string): string {
  return createHash("sha256").update(mailbox.toLowerCase()).digest("hex").slice(0, 40);
}
