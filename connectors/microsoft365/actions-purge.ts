import type { ActionOutcome, CopyLocation, PlannedAction } from "../../src/core/action.ts";
import { isPosternError } from "../../src/core/errors.ts";
import { moveCopy } from "./copies.ts";
import { messagePath } from "./paths.ts";
import { type Room, userOf } from "./room.ts";

/**
 * Destroys quarantined copies: `permanentDelete` where the cloud has it, else a move to the recoverable items, which
 * Exchange empties by its retention. A copy that is gone already counts as destroyed. Looked up by id only: another
 * mail with the same Message-ID must not be hit.
 */
export async function purgeCopies(room: Room, action: PlannedAction, signal: AbortSignal): Promise<ActionOutcome> {
  const copies = action.copies ?? [];
  if (copies.length === 0) return { state: "failed", reason: "no-copies" };
  for (const copy of copies) await purge(room, copy, signal);
  return { state: "done", reason: null };
}

async function purge(room: Room, copy: CopyLocation, signal: AbortSignal): Promise<void> {
  const user = await userOf(room, copy.mailbox);
  if (room.permanentDelete && (await deletePermanently(room, user, copy.messageId, signal))) return;
  await moveCopy(room, user, { id: copy.messageId }, "recoverableitemsdeletions", signal);
}

/** False where the service does not know the call after all. */
async function deletePermanently(room: Room, user: string, messageId: string, signal: AbortSignal): Promise<boolean> {
  try {
    const path = `${messagePath(user, messageId)}/permanentDelete`;
    await room.graph.send({ name: "permanent-delete", method: "POST", path, lane: user }, signal);
    return true;
  } catch (error) {
    // 404 says either that the message is gone or that there is no such call; the move that follows tells nothing more.
    if (isPosternError(error, "MESSAGE_NOT_FOUND") || isPosternError(error, "PROVIDER_REFUSED")) return false;
    if (isPosternError(error) && (error.details.status === 405 || error.details.status === 501)) return false;
    throw error;
  }
}
