import type { CopyLocation, PlannedAction } from "../../src/core/action.ts";
import { type ErrorCode, isPosternError } from "../../src/core/errors.ts";
import type { Clock } from "../../src/core/ports.ts";
import { ownMessageId } from "../own-mail/own-mail.ts";
import { searchCopies } from "./find-copies.ts";
import type { Gmail } from "./gmail-mailbox.ts";
import { composeTombstone } from "./tombstone.ts";

/** In the place of the labels: the copy is no copy but the message that stands for it. */
export const TOMBSTONE = "postern:tombstone";

const NEVER = new Set<ErrorCode>(["PROVIDER_FORBIDDEN", "PROVIDER_UNAUTHORIZED", "MAILBOX_UNAVAILABLE"]);

/**
 * Leaves a message where a copy was taken, that says who sent it and that it was taken back. Once: an earlier attempt's
 * is looked for. Undefined when the right to insert was not granted: taking the copy back is what matters.
 */
export async function leaveTombstone(
  gmail: Gmail,
  action: PlannedAction,
  { clock, language }: { readonly clock: Clock; readonly language: string | undefined },
): Promise<CopyLocation | undefined> {
  const at = (messageId: string): CopyLocation => ({ mailbox: gmail.address, messageId, origin: TOMBSTONE });
  return await whereGranted(async () => {
    if (action.attempts > 0) {
      const [earlier] = await searchCopies(gmail, ownMessageId(action.id, gmail.address));
      if (earlier !== undefined) return at(earlier.id);
    }
    const facts = { actionId: action.id, to: gmail.address, sender: action.ref.mailbox, date: clock.now(), language };
    const { id } = await gmail.insert(await composeTombstone(facts), { labelIds: ["INBOX", "UNREAD"] });
    return at(id);
  });
}

/**
 * Puts the message as it was sent into the evidence mailbox, before the sender's copy goes away. Once for a Message-ID;
 * not for mail without one, which could not be found again.
 */
export async function keepEvidence(from: Gmail, evidence: Gmail, action: PlannedAction, id: string): Promise<void> {
  const { internetMessageId } = action;
  if (internetMessageId === null || from.address === evidence.address) return;
  await whereGranted(async () => {
    if ((await searchCopies(evidence, internetMessageId)).length > 0) return undefined;
    const { raw } = await from.raw(id);
    if (raw === undefined) return undefined;
    return await evidence.insert(Buffer.from(raw, "base64url"), { labelIds: [], internalDateSource: "dateHeader" });
  });
}

/** Undefined where inserting is not allowed, or there is no such mailbox. */
async function whereGranted<Value>(insert: () => Promise<Value | undefined>): Promise<Value | undefined> {
  try {
    return await insert();
  } catch (error) {
    if (isPosternError(error) && NEVER.has(error.code)) return undefined;
    throw error;
  }
}
