import { isPosternError, PosternError } from "../../src/core/errors.ts";
import type { MessageRef } from "../../src/core/message.ts";
import type { Changes, ChangesRequest } from "../../src/core/ports.ts";
import { folderPath, isMessageId, linkPath, messagePath } from "./paths.ts";
import { change, message } from "./payloads.ts";
import { type Room, userOf } from "./room.ts";
import { folderOf } from "./stages.ts";

/** A hint to the service: fewer calls for the first reading of a large folder. */
const PAGE_SIZE = 500;
/** Of one round; more were removed by a clean-up, not by the moves of a mail that was just sent. */
const REMOVED_LOOKED_AT = 200;

/**
 * Delta query of one folder (learn.microsoft.com/graph/api/message-delta). The first round reads the whole folder,
 * because a filtered one would end at 5,000 messages and bake the filter into every later round; what is older than
 * `since` is left out here. `@removed` says nothing about what is there: with immutable ids a message that was moved
 * away and back is reported as removed and never again. So a sent mail that was removed is looked up by its id, and
 * read when it still is somewhere in the mailbox.
 */
export async function readChanges(
  room: Room,
  graphUrl: string,
  request: ChangesRequest,
  signal: AbortSignal,
): Promise<Changes> {
  const user = await userOf(room, request.mailbox);
  const first = request.cursor === undefined;
  const call = {
    name: "delta",
    lane: user,
    prefer: `odata.maxpagesize=${PAGE_SIZE}`,
    missing: "MAILBOX_UNAVAILABLE" as const,
    ...(request.cursor === undefined
      ? {
          path: `${folderPath(user, folderOf(request.stage).name)}/messages/delta`,
          query: { $select: "id,receivedDateTime,sentDateTime,lastModifiedDateTime" },
        }
      : { path: linkPath(request.cursor.replace(/^\//, ""), graphUrl) }),
  };
  // Graph's times have whole seconds.
  const since = Math.floor(request.since.getTime() / 1_000) * 1_000;
  const ids = new Set<string>();
  const removed = new Set<string>();
  let cursor: string | undefined;
  for await (const page of room.graph.pages(call, change, signal)) {
    for (const line of page.items) {
      if (!isMessageId(line.id)) continue;
      if (line["@removed"] !== undefined) {
        removed.add(line.id);
        continue;
      }
      const at = request.stage === "sent" ? (line.sentDateTime ?? line.receivedDateTime) : line.lastModifiedDateTime;
      if (first && at !== undefined && at.getTime() < since) continue;
      ids.add(line.id);
    }
    cursor = page.delta;
  }
  if (cursor === undefined) {
    throw new PosternError("PROVIDER_UNAVAILABLE", "The delta query ended without a deltaLink", {
      details: { call: "delta" },
    });
  }
  if (!first && request.stage === "sent")
    for (const id of [...removed].slice(0, REMOVED_LOOKED_AT))
      if (await isStillSent(room, user, id, since, signal)) ids.add(id);
  const messages: MessageRef[] = [...ids].map((messageId) => ({
    provider: "microsoft",
    tenantId: room.tenantId,
    mailbox: request.mailbox,
    messageId,
  }));
  return { messages, cursor };
}

/** In whatever folder; what was sent before `since` (ms), drafts and what is gone do not count. */
async function isStillSent(room: Room, user: string, id: string, since: number, signal: AbortSignal): Promise<boolean> {
  try {
    const found = await room.graph.json(
      {
        name: "read-message",
        path: messagePath(user, id),
        query: { $select: "id,isDraft,sentDateTime" },
        lane: user,
      },
      message,
      signal,
    );
    return found.isDraft !== true && found.sentDateTime != null && found.sentDateTime.getTime() >= since;
  } catch (error) {
    if (isPosternError(error, "MESSAGE_NOT_FOUND")) return false;
    throw error;
  }
}
