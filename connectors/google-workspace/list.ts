import type { TimeWindow } from "../../src/core/ports.ts";
import type { Gmail } from "./gmail-mailbox.ts";
import type { ListedMessage } from "./payloads.ts";
import { atStage } from "./present-stage.ts";

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

/**
 * Ids of the sent mail of a window, oldest first, exactly: at both ends the date of each message is asked for until one
 * lies inside. A listing has no dates, but runs from the newest to the oldest.
 */
export async function sentWithin(gmail: Gmail, window: TimeWindow): Promise<readonly string[]> {
  const found = new Set<string>();
  for await (const { id } of eachMessage(gmail, { labels: ["SENT"], ...window })) found.add(id);
  const ids = [...found].reverse();
  const isInside = async (id: string): Promise<boolean> => {
    const message = await atStage(gmail, id, "sent");
    if (message === undefined) return false;
    const at = message.internalDate === undefined ? undefined : Number(message.internalDate);
    return at === undefined || (at >= window.since.getTime() && at < window.until.getTime());
  };
  while (ids.length > 0 && !(await isInside(ids[0] ?? ""))) ids.shift();
  while (ids.length > 1 && !(await isInside(ids.at(-1) ?? ""))) ids.pop();
  return ids;
}
