import { isPosternError } from "../../src/core/errors.ts";
import type { Gmail } from "./gmail-mailbox.ts";
import type { GmailMessage, ListedMessage } from "./payloads.ts";

/** A message in a mailbox and where it stands there. */
export interface Copy {
  readonly id: string;
  readonly labels: readonly string[];
}

/** More copies of one mail than this in one mailbox are a sender's trick or a loop. */
const MOST_COPIES = 20;
/** So many of the newest mails are compared one by one while the search index lags; each costs 20 units. */
const NEWEST = 20;

/**
 * Copies of a mail by its Message-ID, also in trash and spam. The sender chooses the Message-ID, and it goes into a
 * search expression: one that could mean anything else is not searched for, and every hit's own header is compared.
 */
export async function searchCopies(gmail: Gmail, internetMessageId: string): Promise<readonly Copy[]> {
  const id = bare(internetMessageId);
  if (!isSearchable(id)) return [];
  const found = await gmail.messages({ q: `rfc822msgid:${id}`, includeTrash: true, limit: MOST_COPIES });
  return matching(gmail, found.messages, "message-id", (value) => value === undefined || bare(value) === id);
}

/**
 * The same without the search index, which may lag behind a fresh mail: the newest mails with a label, compared by
 * their Message-ID.
 */
export async function compareNewest(gmail: Gmail, label: string, internetMessageId: string): Promise<readonly Copy[]> {
  const id = bare(internetMessageId);
  return newestWith(gmail, label, "Message-ID", (value) => bare(value) === id);
}

/** The newest mails with a label whose header fits. */
export async function newestWith(
  gmail: Gmail,
  label: string,
  header: string,
  fits: (value: string) => boolean,
): Promise<readonly Copy[]> {
  const newest = await gmail.messages({ labels: [label], limit: NEWEST });
  return matching(gmail, newest.messages, header, (value) => value !== undefined && fits(value));
}

/** `fits` sees undefined when the answer has no headers at all. */
async function matching(
  gmail: Gmail,
  messages: readonly ListedMessage[],
  header: string,
  fits: (value: string | undefined) => boolean,
): Promise<readonly Copy[]> {
  const copies: Copy[] = [];
  for (const { id } of messages) {
    const message = await headersOf(gmail, id, header);
    if (message === undefined) continue;
    const headers = message.payload?.headers;
    const value = headers?.find(({ name }) => name.toLowerCase() === header.toLowerCase())?.value;
    if (headers === undefined || value !== undefined ? fits(value) : false)
      copies.push({ id, labels: message.labelIds });
  }
  return copies;
}

async function headersOf(gmail: Gmail, id: string, header: string): Promise<GmailMessage | undefined> {
  try {
    return await gmail.headers(id, [header]);
  } catch (error) {
    if (isPosternError(error, "MESSAGE_NOT_FOUND")) return undefined;
    throw error;
  }
}

/** Without angle brackets and the space around them. */
function bare(messageId: string): string {
  return messageId.trim().replace(/^<|>$/g, "");
}

function isSearchable(id: string): boolean {
  return /^[^\s"(){}:<>|]{3,500}$/.test(id);
}
