import type { ActionOutcome, CopyLocation, PlannedAction } from "../../src/core/action.ts";
import { findCopies, moveCopy, notThere, readCopy } from "./copies.ts";
import { type Room, userOf } from "./room.ts";
import { folderOf } from "./stages.ts";

/** Moves copies from the hidden folder back to where they stood. Moving changes neither read state nor flags. */
export async function restoreCopies(room: Room, action: PlannedAction, signal: AbortSignal): Promise<ActionOutcome> {
  const copies = action.copies ?? [];
  if (copies.length === 0) return { state: "failed", reason: "no-copies" };
  for (const copy of copies) {
    if (!(await restore(room, action, copy, signal))) return notThere(action);
  }
  return { state: "done", reason: null };
}

/** False when the copy is nowhere. One that stands outside the hidden folder is back already. */
async function restore(room: Room, action: PlannedAction, copy: CopyLocation, signal: AbortSignal): Promise<boolean> {
  const user = await userOf(room, copy.mailbox);
  const quarantine = await room.folders.findQuarantine(user, signal);
  const held = await findHeld(room, user, quarantine, action, copy, signal);
  if (held === undefined) return false;
  if (held.parentFolderId !== quarantine && held.parentFolderId != null) return true;
  const home = action.ref.mailbox === copy.mailbox ? homeOf(action) : "inbox";
  for (const folder of new Set([copy.origin, home])) {
    // The folder where it stood may have been deleted since.
    if ((await moveCopy(room, user, { id: held.id }, folder, signal)) !== undefined) return true;
  }
  return false;
}

async function findHeld(
  room: Room,
  user: string,
  quarantine: string | undefined,
  action: PlannedAction,
  copy: CopyLocation,
  signal: AbortSignal,
) {
  const known = await readCopy(room, user, copy.messageId, signal);
  if (known !== undefined || action.internetMessageId === null) return known;
  const id = action.internetMessageId;
  const inside = quarantine === undefined ? [] : await findCopies(room, user, id, signal, quarantine);
  // Several mails may share a Message-ID; which of them was meant cannot be told.
  if (inside.length === 1) return inside[0];
  return inside.length === 0 ? (await findCopies(room, user, id, signal))[0] : undefined;
}

function homeOf(action: PlannedAction): string {
  return action.stage === "draft" || action.stage === "outbox" ? folderOf("draft").name : folderOf("sent").name;
}
