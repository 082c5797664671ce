import type { ActionOutcome, CopyLocation, PlannedAction } from "../../src/core/action.ts";
import { findCopies, moveCopy, movedEarlier, movedFrom, notThere, readCopy } from "./copies.ts";
import type { GraphMessage } from "./payloads.ts";
import { type Room, userOf } from "./room.ts";

/** What is to be moved, and what is in the hidden folder already. */
interface Standing {
  readonly outside: readonly GraphMessage[];
  readonly inside: readonly GraphMessage[];
}

/**
 * Moves the sender's copy to the hidden folder. The id is tried first; a client or a rule may have moved the message
 * under another id, so a lost one is looked up by Message-ID.
 */
export async function quarantineSent(room: Room, action: PlannedAction, signal: AbortSignal): Promise<ActionOutcome> {
  const { mailbox } = action.ref;
  const user = await userOf(room, mailbox);
  // A second round when something was moved or deleted between looking and moving.
  for (let round = 0; round < 2; round += 1) {
    const quarantine = await room.folders.quarantine(user, signal);
    const { outside, inside } = await locate(room, user, quarantine, action, signal);
    const copies: CopyLocation[] = inside.map((copy) => movedEarlier(room, mailbox, copy.id, "sentitems"));
    let lost = false;
    for (const copy of outside) {
      const id = await moveCopy(room, user, copy, quarantine, signal);
      if (id === undefined) lost = true;
      else copies.push(movedFrom(mailbox, id, copy.parentFolderId, "sentitems"));
    }
    if (copies.length > 0 && !lost) return { state: "done", reason: null, copies };
    room.folders.forget(user);
  }
  return notThere(action);
}

async function locate(
  room: Room,
  user: string,
  quarantine: string,
  action: PlannedAction,
  signal: AbortSignal,
): Promise<Standing> {
  const known = await readCopy(room, user, action.ref.messageId, signal);
  if (known !== undefined) {
    return known.parentFolderId === quarantine ? { outside: [], inside: [known] } : { outside: [known], inside: [] };
  }
  if (action.internetMessageId === null) return { outside: [], inside: [] };
  const id = action.internetMessageId;
  const sent = await findCopies(room, user, id, signal, "sentitems");
  const inside = await findCopies(room, user, id, signal, quarantine);
  // What stands in Sent Items is the copy; elsewhere a hit may be what the sender received, so it comes last.
  if (sent.length > 0 || inside.length > 0) return { outside: sent, inside };
  const elsewhere = await findCopies(room, user, id, signal);
  return { outside: elsewhere.filter((copy) => copy.isDraft !== true), inside };
}
