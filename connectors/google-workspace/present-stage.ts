import { isPosternError } from "../../src/core/errors.ts";
import type { Stage } from "../../src/core/message.ts";
import type { Gmail } from "./gmail-mailbox.ts";
import type { GmailMessage } from "./payloads.ts";
import { isAtStage } from "./stages.ts";

/** A message with its labels and date, when it is there and still at the stage. Answers without labels pass. */
export async function atStage(gmail: Gmail, id: string, stage: Stage): Promise<GmailMessage | undefined> {
  try {
    const message = await gmail.minimal(id);
    return message.labelIds.length === 0 || isAtStage(message.labelIds, stage) ? message : undefined;
  } catch (error) {
    if (isPosternError(error, "MESSAGE_NOT_FOUND")) return undefined;
    throw error;
  }
}

export async function isStillAt(gmail: Gmail, id: string, stage: Stage): Promise<boolean> {
  return (await atStage(gmail, id, stage)) !== undefined;
}
