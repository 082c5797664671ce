import { PosternError } from "../../src/core/errors.ts";
import type { FetchedMessage } from "../../src/core/ports.ts";
import type { Gmail } from "./gmail-mailbox.ts";

/**
 * One call: `format=raw` costs as much as one attachment alone and its bytes are those that were sent. The sender's
 * copy keeps Bcc in its headers, so the provider knows no recipients beside the MIME text.
 */
export async function fetchMessage(gmail: Gmail, messageId: string): Promise<FetchedMessage> {
  const message = await gmail.raw(messageId);
  if (message.raw === undefined) {
    throw new PosternError("PROVIDER_REFUSED", "Gmail answered without the raw message", {
      details: { call: "gmail.users.messages.get", reason: "no-raw" },
    });
  }
  return {
    mime: Buffer.from(message.raw, "base64url"),
    recipients: [],
    isDraft: message.labelIds.includes("DRAFT"),
    at: message.internalDate === undefined ? null : new Date(Number(message.internalDate)),
  };
}
