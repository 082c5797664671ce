import type { ActionOutcome, CopyLocation, PlannedAction } from "../../src/core/action.ts";
import { isPosternError, PosternError } from "../../src/core/errors.ts";
import { folderPath, messagePath, quoted, userPath } from "./paths.ts";
import { type GraphMessage, message } from "./payloads.ts";
import type { Room } from "./room.ts";

const FIELDS = "id,internetMessageId,parentFolderId,isDraft,sentDateTime,categories,from,sender";
/** Waits (ms) for a copy that is on its way; after the last one it is taken to be gone. */
const WAITS_MS = [2_000, 10_000, 30_000, 60_000];

/** Moves that ended without an answer are remembered up to this number. */
const ORIGINS_KEPT = 10_000;

/** The message by its id, wherever in the mailbox; undefined when there is none. */
export async function readCopy(
  room: Room,
  user: string,
  messageId: string,
  signal: AbortSignal,
): Promise<GraphMessage | undefined> {
  try {
    const path = messagePath(user, messageId);
    return await room.graph.json(
      { name: "read-message", path, query: { $select: FIELDS }, lane: user },
      message,
      signal,
    );
  } catch (error) {
    if (isPosternError(error, "MESSAGE_NOT_FOUND")) return undefined;
    throw error;
  }
}

/**
 * All copies with this Message-ID, in one folder or in the whole mailbox: there may be several, for instance what the
 * owner sent to themselves.
 */
export async function findCopies(
  room: Room,
  user: string,
  internetMessageId: string,
  signal: AbortSignal,
  folder?: string,
): Promise<readonly GraphMessage[]> {
  const call = {
    name: "find-copies",
    path: `${folder === undefined ? userPath(user) : folderPath(user, folder)}/messages`,
    query: { $select: FIELDS, $filter: `internetMessageId eq ${quoted(internetMessageId)}`, $top: "50" },
    lane: user,
    missing: "MAILBOX_UNAVAILABLE" as const,
  };
  const found = new Map<string, GraphMessage>();
  for await (const page of room.graph.pages(call, message, signal)) {
    for (const copy of page.items) {
      if ((copy.internetMessageId ?? internetMessageId) === internetMessageId) found.set(copy.id, copy);
    }
  }
  return [...found.values()];
}

/** Moves a message and returns its id there; undefined when the message or the folder is not there (any more). */
export async function moveCopy(
  room: Room,
  user: string,
  copy: Pick<GraphMessage, "id" | "parentFolderId">,
  destinationId: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  // Kept before the call: its answer may be lost, and afterwards the message does not say where it stood.
  if (copy.parentFolderId != null) {
    if (room.origins.size >= ORIGINS_KEPT) room.origins.clear();
    room.origins.set(copy.id, copy.parentFolderId);
  }
  try {
    const moved = await room.graph.json(
      { name: "move", method: "POST", path: `${messagePath(user, copy.id)}/move`, body: { destinationId }, lane: user },
      message,
      signal,
    );
    room.origins.delete(copy.id);
    return moved.id;
  } catch (error) {
    if (isPosternError(error, "MESSAGE_NOT_FOUND")) return undefined;
    throw error;
  }
}

/** A copy that was just moved; `home` is the well-known folder for a service that does not say where it stood. */
export function movedFrom(mailbox: string, id: string, stood: string | null | undefined, home: string): CopyLocation {
  return { mailbox, messageId: id, origin: stood ?? home };
}

/** A copy that an earlier try moved. Where it stood is known while this process lives, else it is taken to be `home`. */
export function movedEarlier(room: Room, mailbox: string, id: string, home: string): CopyLocation {
  return { mailbox, messageId: id, origin: room.origins.get(id) ?? home };
}

/** Nothing was there to act on: worth another try for a while, then the end. Never reported as done. */
export function notThere(action: PlannedAction): ActionOutcome {
  const wait = WAITS_MS[action.attempts];
  if (wait === undefined) return { state: "failed", reason: "not-found" };
  throw new PosternError("MESSAGE_NOT_FOUND", "No copy of the message is there", {
    retryAfterMs: wait,
    details: { call: action.kind, attempts: action.attempts },
  });
}
