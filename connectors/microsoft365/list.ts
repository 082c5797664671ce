import type { MessageRef } from "../../src/core/message.ts";
import type { TimeWindow } from "../../src/core/ports.ts";
import { folderPath, isMessageId } from "./paths.ts";
import { message } from "./payloads.ts";
import { type Room, userOf } from "./room.ts";

const PAGE_SIZE = 500;

/**
 * Sent mail of a window, oldest first. All pages are read before the first message is handed out: acting on a message
 * moves it out of the folder, and the pages that are counted by position would skip its neighbours.
 */
export async function* listMessages(
  room: Room,
  mailbox: string,
  window: TimeWindow,
  signal: AbortSignal,
): AsyncGenerator<MessageRef> {
  const user = await userOf(room, mailbox);
  const call = {
    name: "list-messages",
    path: `${folderPath(user, "sentitems")}/messages`,
    query: {
      $select: "id,receivedDateTime",
      $filter: `receivedDateTime ge ${window.since.toISOString()} and receivedDateTime lt ${window.until.toISOString()}`,
      $orderby: "receivedDateTime asc",
      $top: String(PAGE_SIZE),
    },
    lane: user,
    missing: "MAILBOX_UNAVAILABLE" as const,
  };
  const ids = new Set<string>();
  for await (const page of room.graph.pages(call, message, signal)) {
    for (const { id } of page.items) if (isMessageId(id)) ids.add(id);
  }
  for (const messageId of ids) yield { provider: "microsoft", tenantId: room.tenantId, mailbox, messageId };
}
