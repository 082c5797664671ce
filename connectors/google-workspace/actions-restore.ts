import type { ActionOutcome, CopyLocation, PlannedAction } from "../../src/core/action.ts";
import { isPosternError } from "../../src/core/errors.ts";
import { TOMBSTONE } from "./actions-insert.ts";
import { type Copy, searchCopies } from "./find-copies.ts";
import type { Gmail } from "./gmail-mailbox.ts";
import { stillMissing } from "./missing-copy.ts";

/** Labels that clients cannot set, and the one that `untrash` has just taken off. */
const NOT_SETTABLE = new Set(["SENT", "DRAFT", "TRASH", "CHAT"]);

/** Puts each copy back where it stood: out of the trash, with the labels that it had. */
export async function restoreCopies(open: (mailbox: string) => Gmail, action: PlannedAction): Promise<ActionOutcome> {
  const copies = action.copies ?? [];
  if (copies.length === 0) return { state: "failed", reason: "no-copies" };
  for (const copy of copies) {
    const gmail = open(copy.mailbox);
    if (copy.origin === TOMBSTONE) {
      await takeTombstone(gmail, copy.messageId);
      continue;
    }
    const present = await findAgain(gmail, copy, action.internetMessageId);
    if (present === undefined) return stillMissing(action.attempts);
    await putBack(
      gmail,
      present,
      copy.origin.split(",").filter((label) => label !== ""),
    );
  }
  return { state: "done", reason: null };
}

/** Into the trash; one that its owner destroyed is gone already. */
async function takeTombstone(gmail: Gmail, messageId: string): Promise<void> {
  try {
    await gmail.trash(messageId);
  } catch (error) {
    if (!isPosternError(error, "MESSAGE_NOT_FOUND")) throw error;
  }
}

async function findAgain(
  gmail: Gmail,
  copy: CopyLocation,
  internetMessageId: string | null,
): Promise<Copy | undefined> {
  try {
    const { id, labelIds } = await gmail.minimal(copy.messageId);
    return { id, labels: labelIds };
  } catch (error) {
    if (!isPosternError(error, "MESSAGE_NOT_FOUND")) throw error;
  }
  if (internetMessageId === null) return undefined;
  const wasSent = copy.origin.split(",").includes("SENT");
  const found = await searchCopies(gmail, internetMessageId);
  return found.find(({ labels }) => labels.includes("SENT") === wasSent);
}

async function putBack(gmail: Gmail, copy: Copy, origin: readonly string[]): Promise<void> {
  // The owner had thrown it away before it was taken.
  if (origin.includes("TRASH")) return;
  if (copy.labels.includes("TRASH")) await gmail.untrash(copy.id);
  const missing = origin.filter((label) => !copy.labels.includes(label) && !NOT_SETTABLE.has(label));
  if (missing.length === 0) return;
  try {
    await gmail.addLabels(copy.id, missing);
  } catch (error) {
    // A label of the owner's may have been deleted meanwhile; Gmail's own are always there.
    const own = missing.filter((label) => !label.startsWith("Label_"));
    if (!isPosternError(error, "PROVIDER_REFUSED") || own.length === missing.length) throw error;
    if (own.length > 0) await gmail.addLabels(copy.id, own);
  }
}

/**
 * Deletes each copy for good. The scope for it allows everything and is not part of the recommended grant; without it
 * Gmail itself empties the trash after 30 days.
 */
export async function purgeCopies(open: (mailbox: string) => Gmail, action: PlannedAction): Promise<ActionOutcome> {
  const copies = action.copies?.filter(({ origin }) => origin !== TOMBSTONE) ?? [];
  if (copies.length === 0) return { state: "failed", reason: "no-copies" };
  for (const copy of copies) {
    try {
      await open(copy.mailbox).remove(copy.messageId);
    } catch (error) {
      if (isPosternError(error, "MESSAGE_NOT_FOUND")) continue;
      const lacksScope =
        isPosternError(error) && (error.details.reason === "unauthorized_client" || error.details.status === 403);
      if (!lacksScope) throw error;
      return { state: "not-possible", reason: "needs-full-scope" };
    }
  }
  return { state: "done", reason: null };
}
