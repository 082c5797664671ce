import type { Gmail } from "./gmail-mailbox.ts";
import type { ListedMessage } from "./payloads.ts";

export interface Listing {
  readonly labels: readonly string[];
  readonly since: Date;
  readonly until?: Date;
}

/**
 * Messages with all of the labels in a span of time, all pages, newest first as Gmail gives them; the trash too.
 * May hold messages up to two seconds outside the span: `after:` and `before:` count whole seconds. Given as seconds
 * since 1970, because dates would be read as Pacific time.
 */
export async function* eachMessage(gmail: Gmail, { labels, since, until }: Listing): AsyncGenerator<ListedMessage> {
  const after = `after:${Math.max(0, Math.floor(since.getTime() / 1_000) - 1)}`;
  const q = until === undefined ? after : `${after} before:${Math.ceil(until.getTime() / 1_000) + 1}`;
  let page: string | undefined;
  do {
    const answer = await gmail.messages({ labels, q, includeTrash: true, limit: 500, page });
    yield* answer.messages;
    page = answer.nextPageToken;
  } while (page !== undefined);
}
