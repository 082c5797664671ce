import type { ActionOutcome, PlannedAction } from "../../src/core/action.ts";
import { isPosternError } from "../../src/core/errors.ts";
import type { Clock } from "../../src/core/ports.ts";
import { actionMark, ownMessageId, writeOwnMail } from "../own-mail/own-mail.ts";
import { newestWith, searchCopies } from "./find-copies.ts";
import type { Gmail } from "./gmail-mailbox.ts";

/** Marks which action sent a notice: found again when Gmail replaced the Message-ID. */
const ACTION_HEADER = "x-postern-action";

export interface NoticeBoxes {
  /** The mailbox that sends. */
  readonly sender: Gmail;
  /** The addressee's mailbox where it is one of the tenant. */
  readonly addressee: Gmail | undefined;
}

/**
 * Sends a notice once. Sending cannot be repeated safely, so a later attempt first looks for what an earlier one may
 * have sent; what cannot be looked up is not sent again.
 */
export async function sendNotice(boxes: NoticeBoxes, action: PlannedAction, clock: Clock): Promise<ActionOutcome> {
  const { notice } = action;
  if (notice === undefined) return { state: "failed", reason: "no-notice" };
  if (action.attempts > 0) {
    const sent = await wasSent(boxes, action.id);
    if (sent === "unknown") return { state: "failed", reason: "outcome-unknown" };
    if (sent) return { state: "done", reason: null };
  }
  const from = boxes.sender.address;
  await boxes.sender.send(
    await writeOwnMail({
      ...notice,
      from,
      messageId: ownMessageId(action.id, from),
      date: clock.now(),
      headers: { ...notice.headers, [ACTION_HEADER]: actionMark(action.id) },
    }),
  );
  return { state: "done", reason: null };
}

async function wasSent({ sender, addressee }: NoticeBoxes, actionId: string): Promise<boolean | "unknown"> {
  const messageId = ownMessageId(actionId, sender.address);
  const hasMark = (value: string) => value.trim() === actionMark(actionId);
  try {
    if ((await searchCopies(sender, messageId)).length > 0) return true;
    if ((await newestWith(sender, "SENT", ACTION_HEADER, hasMark)).length > 0) return true;
    return addressee !== undefined && (await searchCopies(addressee, messageId)).length > 0;
  } catch (error) {
    const cannotLook = isPosternError(error, "PROVIDER_FORBIDDEN") || isPosternError(error, "PROVIDER_UNAUTHORIZED");
    if (!cannotLook) throw error;
    return "unknown";
  }
}
