import type { ActionOutcome, CopyLocation, PlannedAction } from "../../src/core/action.ts";
import { isPosternError } from "../../src/core/errors.ts";
import { findCopies, moveCopy, movedEarlier, movedFrom, notThere, readCopy } from "./copies.ts";
import { remediateCopy } from "./defender.ts";
import type { GraphMessage } from "./payloads.ts";
import { type Room, userOf } from "./room.ts";

/**
 * Takes one internal recipient's copies back. Where the mailbox may not be changed, Defender is asked, if the tenant
 * has it. Beta's `recall` is not used: it takes the copies of all recipients, also of those who may have the mail, it
 * destroys what a release would put back, names no outcome, and spares read mail where administrators say so.
 */
export async function recallCopy(room: Room, action: PlannedAction, signal: AbortSignal): Promise<ActionOutcome> {
  try {
    return await moveCopies(room, action, signal);
  } catch (error) {
    if (room.settings.capabilities?.defender !== true || !isPosternError(error, "PROVIDER_FORBIDDEN")) throw error;
    return await remediateCopy(room, action, signal);
  }
}

/** All copies with this Message-ID, in whatever folder, are moved to that mailbox's hidden folder. */
async function moveCopies(room: Room, action: PlannedAction, signal: AbortSignal): Promise<ActionOutcome> {
  const recipient = await room.lookup(action.target);
  if (recipient === undefined) return { state: "not-possible", reason: "mailbox-not-found" };
  if (action.internetMessageId === null) return { state: "not-possible", reason: "no-message-id" };
  const user = recipient.userId;
  const found = await findCopies(room, user, action.internetMessageId, signal);
  const existing = await room.folders.findQuarantine(user, signal);
  const inside = new Set(found.filter((copy) => copy.parentFolderId === existing).map((copy) => copy.id));
  const wanted = await received(room, user, found, action, signal);
  const outside = wanted.filter((copy) => !inside.has(copy.id));
  const copies: CopyLocation[] = [];
  if (outside.length > 0) {
    const quarantine = existing ?? (await room.folders.quarantine(user, signal));
    for (const copy of outside) {
      const id = await moveCopy(room, user, copy, quarantine, signal);
      if (id !== undefined) copies.push(movedFrom(recipient.address, id, copy.parentFolderId, "inbox"));
    }
    // None could be moved although they were just seen: the folder may be gone.
    if (copies.length === 0) room.folders.forget(user);
  }
  // Those that an earlier try took: the whole-mailbox search may leave hidden folders out.
  const earlier =
    existing === undefined || (copies.length > 0 && action.attempts === 0)
      ? []
      : await findCopies(room, user, action.internetMessageId, signal, existing);
  for (const copy of await received(room, user, earlier, action, signal)) {
    if (copies.some((taken) => taken.messageId === copy.id)) continue;
    copies.push(movedEarlier(room, recipient.address, copy.id, "inbox"));
  }
  return copies.length > 0 ? { state: "done", reason: null, copies } : notThere(action);
}

/**
 * Leaves out drafts, the sender's own sent copy, and other people's mail under the same Message-ID: whoever sends
 * chooses the id, and must not make us take a stranger's mail away.
 */
async function received(
  room: Room,
  user: string,
  found: readonly GraphMessage[],
  action: PlannedAction,
  signal: AbortSignal,
): Promise<readonly GraphMessage[]> {
  const isSender = (await userOf(room, action.ref.mailbox)) === user;
  const sentItems = isSender && found.length > 0 ? await room.folders.wellKnown(user, "sentitems", signal) : undefined;
  const candidates = found.filter(
    (copy) =>
      copy.isDraft !== true &&
      !(
        isSender &&
        (copy.id === action.ref.messageId || (sentItems !== undefined && copy.parentFolderId === sentItems))
      ),
  );
  const owner = await room.lookup(action.ref.mailbox);
  const authors = new Set([action.ref.mailbox, ...(owner?.aliases ?? [])]);
  if (candidates.every((copy) => isFrom(copy, authors))) return candidates;
  // Sent as another mailbox: the sender's copy says under which names.
  const copy = await readCopy(room, await userOf(room, action.ref.mailbox), action.ref.messageId, signal);
  for (const address of copy === undefined ? [] : authorsOf(copy)) authors.add(address);
  return candidates.filter((candidate) => isFrom(candidate, authors));
}

function isFrom(copy: GraphMessage, authors: ReadonlySet<string>): boolean {
  const named = authorsOf(copy);
  return named.length === 0 || named.some((address) => authors.has(address));
}

function authorsOf(copy: GraphMessage): readonly string[] {
  return [copy.from, copy.sender].flatMap((field) => {
    const address = field?.emailAddress?.address?.toLowerCase();
    return address === undefined ? [] : [address];
  });
}
