import type { ActionOutcome, PlannedAction } from "../../src/core/action.ts";
import { addCategory, labelMessage } from "./actions-label.ts";
import { sendHeld } from "./actions-send-held.ts";
import { findCopies, moveCopy, movedEarlier, movedFrom, notThere, readCopy } from "./copies.ts";
import { messagePath } from "./paths.ts";
import type { GraphMessage } from "./payloads.ts";
import { type Room, userOf } from "./room.ts";
import { folderOf } from "./stages.ts";

/** Named properties of this set become Internet headers when the message is sent (PS_INTERNET_HEADERS, MS-OXPROPS). */
const INTERNET_HEADERS = "String {00020386-0000-0000-C000-000000000046} Name";

const OUTBOX = folderOf("outbox").name;

const TOO_LATE: ActionOutcome = { state: "failed", reason: "already-sent" };

/**
 * Moves a draft or an Outbox item to the hidden folder before it leaves. For the Outbox this is a race that is often
 * lost; a message that was sent is reported as `already-sent` and left to the record of its sent copy.
 */
export async function holdUnsent(room: Room, action: PlannedAction, signal: AbortSignal): Promise<ActionOutcome> {
  const { mailbox } = action.ref;
  const user = await userOf(room, mailbox);
  const quarantine = await room.folders.quarantine(user, signal);
  const fallback = folderOf(action.stage).name;
  const unsent = await findUnsent(room, user, action, signal);
  if (unsent === "sent") return TOO_LATE;
  if (unsent === undefined) return notThere(action);
  if (unsent.parentFolderId === quarantine) {
    return { state: "done", reason: null, copies: [movedEarlier(room, mailbox, unsent.id, fallback)] };
  }
  const id = await moveCopy(room, user, unsent, quarantine, signal);
  if (id === undefined) {
    room.folders.forget(user);
    return notThere(action);
  }
  const taken = await readCopy(room, user, id, signal);
  if (taken !== undefined && leftMeanwhile(unsent, taken)) {
    await moveCopy(room, user, { id }, folderOf("sent").name, signal);
    return TOO_LATE;
  }
  return { state: "done", reason: null, copies: [movedFrom(mailbox, id, unsent.parentFolderId, fallback)] };
}

/** Sent between the look and the move: what the move took was the sent copy, and belongs back where that stands. */
function leftMeanwhile(before: GraphMessage, after: GraphMessage): boolean {
  if (after.isDraft !== false) return false;
  if (before.isDraft === true) return true;
  const [earlier, later] = [before.sentDateTime, after.sentDateTime];
  return later !== undefined && (earlier === undefined || later > earlier);
}

/** Sets a category as long as the message was not sent: its sent copy has a record and a category of its own. */
export async function labelUnsent(room: Room, action: PlannedAction, signal: AbortSignal): Promise<ActionOutcome> {
  const user = await userOf(room, action.ref.mailbox);
  if ((await findUnsent(room, user, action, signal)) === "sent") return TOO_LATE;
  return await labelMessage(room, action, signal);
}

/** Puts a held message back into Drafts, with the category that tells why. */
export async function returnToSender(room: Room, action: PlannedAction, signal: AbortSignal): Promise<ActionOutcome> {
  const user = await userOf(room, action.ref.mailbox);
  const unsent = await findUnsent(room, user, action, signal);
  if (unsent === "sent") return TOO_LATE;
  if (unsent === undefined) return notThere(action);
  const id = await toDrafts(room, user, unsent, signal);
  if (id === undefined) return notThere(action);
  if (action.label !== undefined) {
    const { "@odata.etag": _old, ...moved } = { ...unsent, id };
    if (!(await addCategory(room, user, moved, action.label, signal))) return notThere(action);
  }
  return { state: "done", reason: null };
}

/** Sends a held message as its sender: a draft from Drafts. What is in Sent Items already is not sent again. */
export async function sendReleased(room: Room, action: PlannedAction, signal: AbortSignal): Promise<ActionOutcome> {
  const user = await userOf(room, action.ref.mailbox);
  const unsent = await findUnsent(room, user, action, signal);
  if (unsent === "sent") return { state: "done", reason: null };
  if (unsent === undefined) return notThere(action);
  if (unsent.isDraft === false) return await sendHeld(room, user, unsent.id, action, signal);
  const id = await toDrafts(room, user, unsent, signal);
  if (id === undefined) return notThere(action);
  const path = `${messagePath(user, id)}/send`;
  await room.graph.send({ name: "send-released", method: "POST", path, lane: user }, signal);
  return { state: "done", reason: null };
}

/** Sets x-headers on a draft; an empty value takes a header's meaning away. */
export async function stampHeaders(room: Room, action: PlannedAction, signal: AbortSignal): Promise<ActionOutcome> {
  const headers = Object.entries(action.headers ?? {});
  if (headers.length === 0) return { state: "failed", reason: "no-headers" };
  const user = await userOf(room, action.ref.mailbox);
  const unsent = await findUnsent(room, user, action, signal);
  if (unsent === "sent") return TOO_LATE;
  if (unsent === undefined) return notThere(action);
  await room.graph.send(
    {
      name: "stamp-headers",
      method: "PATCH",
      path: messagePath(user, unsent.id),
      body: {
        singleValueExtendedProperties: headers.map(([name, value]) => ({ id: `${INTERNET_HEADERS} ${name}`, value })),
      },
      lane: user,
    },
    signal,
  );
  return { state: "done", reason: null };
}

async function toDrafts(room: Room, user: string, unsent: GraphMessage, signal: AbortSignal) {
  const drafts = await room.folders.wellKnown(user, folderOf("draft").name, signal);
  return unsent.parentFolderId === drafts ? unsent.id : await moveCopy(room, user, unsent, drafts, signal);
}

/** The message while it can still be kept back, `sent` when it left, undefined when it is nowhere. */
async function findUnsent(
  room: Room,
  user: string,
  action: PlannedAction,
  signal: AbortSignal,
): Promise<GraphMessage | "sent" | undefined> {
  const wasSent = await sentTest(room, user, action, signal);
  for (const id of [action.copies?.[0]?.messageId, action.ref.messageId]) {
    if (id === undefined) continue;
    const copy = await readCopy(room, user, id, signal);
    if (copy !== undefined) return wasSent(copy) ? "sent" : copy;
  }
  if (action.internetMessageId === null) return undefined;
  const hits = await findCopies(room, user, action.internetMessageId, signal);
  const quarantine = await room.folders.findQuarantine(user, signal);
  const hidden =
    quarantine === undefined ? [] : await findCopies(room, user, action.internetMessageId, signal, quarantine);
  const found = [...hits, ...hidden];
  // One copy that left tells that the mail left, wherever it stands now and whatever else has its Message-ID.
  return found.some(wasSent) ? "sent" : found[0];
}

/**
 * Tells what was sent: it stands in Sent Items or is no draft any more. Two kinds are no drafts and were not sent: what
 * stands in the Outbox, and what our own `hold` took from there.
 */
async function sentTest(
  room: Room,
  user: string,
  action: PlannedAction,
  signal: AbortSignal,
): Promise<(copy: GraphMessage) => boolean> {
  const sentItems = await room.folders.wellKnown(user, folderOf("sent").name, signal);
  const outbox = await room.folders.wellKnown(user, OUTBOX, signal);
  // After a try to send it, a held draft may be its own sent copy; what waited in the Outbox is sent as another message.
  const mayHaveSent = action.kind === "send-released" && action.attempts > 0;
  const kept = action.copies?.filter(({ origin }) => !mayHaveSent || origin === outbox || origin === OUTBOX);
  const held = new Set(kept?.map(({ messageId }) => messageId));
  return ({ id, parentFolderId, isDraft }) => {
    if (parentFolderId === sentItems) return true;
    if (isDraft !== false || parentFolderId === outbox) return false;
    return !held.has(id) && room.origins.get(id) !== outbox;
  };
}
