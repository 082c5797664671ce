import { PosternError } from "../../src/core/errors.ts";
import type { MessageRef } from "../../src/core/message.ts";
import type { Changes, ChangesRequest } from "../../src/core/ports.ts";
import { folderPath, isMessageId, linkPath } from "./paths.ts";
import { change } from "./payloads.ts";
import { type Room, userOf } from "./room.ts";
import { folderOf } from "./stages.ts";

/** A hint to the service: fewer calls for the first reading of a large folder. */
const PAGE_SIZE = 500;

/**
 * Delta query of one folder (learn.microsoft.com/graph/api/message-delta). The first round reads the whole folder,
 * because a filtered one would end at 5,000 messages and bake the filter into every later round; what is older than
 * `since` is left out here. `@removed` is ignored: with immutable ids a message that was moved away and back is
 * reported as removed and never again, so it says nothing about what is there.
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
  let cursor: string | undefined;
  for await (const page of room.graph.pages(call, change, signal)) {
    for (const line of page.items) {
      if (line["@removed"] !== undefined || !isMessageId(line.id)) continue;
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
  const messages: MessageRef[] = [...ids].map((messageId) => ({
    provider: "microsoft",
    tenantId: room.tenantId,
    mailbox: request.mailbox,
    messageId,
  }));
  return { messages, cursor };
}
