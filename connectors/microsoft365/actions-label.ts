import type { ActionOutcome, PlannedAction } from "../../src/core/action.ts";
import { isPosternError, PosternError } from "../../src/core/errors.ts";
import { findCopies, notThere, readCopy } from "./copies.ts";
import { messagePath, userPath } from "./paths.ts";
import { category, type GraphMessage } from "./payloads.ts";
import { type Room, userOf } from "./room.ts";

/** Outlook's preset colours: learn.microsoft.com/graph/api/resources/outlookcategory. */
const PRESETS = { red: "preset0", orange: "preset1", yellow: "preset3" } as const;
/** Somebody else may set categories at the same moment; so often the message is read again. */
const WRITES_AT_MOST = 3;

/** Colours of this many mailboxes' categories are remembered. */
const REMEMBERED = 10_000;

type Label = NonNullable<PlannedAction["label"]>;

/** Adds a category to the sender's copy, beside those that are there. */
export async function labelMessage(room: Room, action: PlannedAction, signal: AbortSignal): Promise<ActionOutcome> {
  const { label } = action;
  if (label === undefined) return { state: "failed", reason: "no-label" };
  const user = await userOf(room, action.ref.mailbox);
  const copy = await senderCopy(room, user, action, signal);
  if (copy === undefined) return notThere(action);
  return (await addCategory(room, user, copy, label, signal)) ? { state: "done", reason: null } : notThere(action);
}

/** Sets a category with its colour. False when the message went away. */
export async function addCategory(
  room: Room,
  user: string,
  copy: GraphMessage,
  label: Label,
  signal: AbortSignal,
): Promise<boolean> {
  if (!(await addName(room, user, copy, label.name, signal))) return false;
  await nameColour(room, user, label, signal);
  return true;
}

/** Read, change, write with If-Match, because PATCH replaces the whole list. */
async function addName(
  room: Room,
  user: string,
  copy: GraphMessage,
  name: string,
  signal: AbortSignal,
): Promise<boolean> {
  let current: GraphMessage | undefined = copy;
  for (let writes = 0; current !== undefined; writes += 1) {
    const categories = current.categories ?? [];
    if (categories.includes(name)) return true;
    const etag = current["@odata.etag"];
    try {
      await room.graph.send(
        {
          name: "categorise",
          method: "PATCH",
          path: messagePath(user, current.id),
          body: { categories: [...categories, name] },
          headers: etag === undefined ? {} : { "If-Match": etag },
          lane: user,
        },
        signal,
      );
      return true;
    } catch (error) {
      if (isPosternError(error, "MESSAGE_NOT_FOUND")) return false;
      if (!isConflict(error)) throw error;
      if (writes + 1 >= WRITES_AT_MOST) {
        throw new PosternError("PROVIDER_UNAVAILABLE", "The categories are being changed by somebody else", {
          details: { call: "categorise" },
        });
      }
      current = await readCopy(room, user, current.id, signal);
    }
  }
  return false;
}

/** The colour is a property of the mailbox's list of categories. Without it the category is only grey. */
async function nameColour(room: Room, user: string, label: Label, signal: AbortSignal): Promise<void> {
  const key = `${user}/${label.name.toLowerCase()}`;
  if (room.coloured.has(key)) return;
  if (room.coloured.size >= REMEMBERED) room.coloured.clear();
  const path = `${userPath(user)}/outlook/masterCategories`;
  try {
    for await (const page of room.graph.pages({ name: "list-categories", path, lane: user }, category, signal)) {
      if (page.items.some((item) => item.displayName?.toLowerCase() === label.name.toLowerCase())) {
        room.coloured.add(key);
        return;
      }
    }
    const body = { displayName: label.name, color: PRESETS[label.color] };
    await room.graph.send({ name: "create-category", method: "POST", path, body, lane: user }, signal);
    room.coloured.add(key);
  } catch (error) {
    signal.throwIfAborted();
    const code = isPosternError(error) ? error.code : "unknown";
    room.logger.info({ tenant: room.tenantId, code }, "category has no colour");
  }
}

async function senderCopy(room: Room, user: string, action: PlannedAction, signal: AbortSignal) {
  const known = await readCopy(room, user, action.ref.messageId, signal);
  if (known !== undefined || action.internetMessageId === null) return known;
  const sent = await findCopies(room, user, action.internetMessageId, signal, "sentitems");
  return sent[0] ?? (await findCopies(room, user, action.internetMessageId, signal))[0];
}

function isConflict(error: unknown): boolean {
  if (!isPosternError(error)) return false;
  return (
    error.details.status === 412 || error.details.status === 409 || error.details.code === "ErrorIrresolvableConflict"
  );
}
