import { mailboxNotificationSchema } from "./payloads.ts";

/**
 * Reads the `data` of a Pub/Sub message: base64 or base64url of `{emailAddress, historyId}`. The history id is the
 * mailbox's present one, past the change that it announces, and is left aside.
 * @returns the mailbox's address in lower case, undefined when it is anything else.
 */
export function notifiedMailbox(data: string | undefined): string | undefined {
  if (data === undefined || !/^[\w+/=-]*$/.test(data)) return undefined;
  try {
    const content: unknown = JSON.parse(Buffer.from(data, "base64").toString("utf8"));
    const parsed = mailboxNotificationSchema.safeParse(content);
    return parsed.success ? parsed.data.emailAddress.toLowerCase() : undefined;
  } catch {
    return undefined;
  }
}
