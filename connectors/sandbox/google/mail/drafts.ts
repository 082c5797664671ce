import { randomInt } from "node:crypto";
import { notFound } from "../google-error.ts";
import type { World } from "../world.ts";
import { addMessage, type Mailbox, removeMessage, type StoredMessage } from "./mailbox.ts";

export interface StoredDraft {
  readonly id: string;
  readonly message: StoredMessage;
}

/** Saves a new draft, or another state of one: the message gets a new id each time, the draft keeps its own. */
export function saveDraft(
  world: World,
  mailbox: Mailbox,
  mime: Buffer,
  options: { readonly draftId?: string; readonly threadId?: string } = {},
): StoredDraft {
  const current = options.draftId === undefined ? undefined : getDraft(mailbox, options.draftId);
  const id = current?.id ?? `r${randomInt(2 ** 47)}${randomInt(10_000)}`;
  const threadId = options.threadId ?? current?.message.threadId;
  const message = addMessage(mailbox, world, {
    raw: mime,
    labels: ["DRAFT"],
    internalDate: world.clock().getTime(),
    ...(threadId === undefined ? {} : { threadId }),
  });
  mailbox.drafts.set(id, message.id);
  if (current !== undefined) removeMessage(mailbox, world, current.message.id);
  return { id, message };
}

/** @throws GoogleError 404 when there is no such draft. */
export function getDraft(mailbox: Mailbox, id: string): StoredDraft {
  const message = mailbox.messages.get(mailbox.drafts.get(id) ?? "");
  if (message === undefined) throw notFound();
  return { id, message };
}

/** Destroys a draft at once, without Trash. */
export function deleteDraft(world: World, mailbox: Mailbox, id: string): void {
  const draft = getDraft(mailbox, id);
  mailbox.drafts.delete(id);
  removeMessage(mailbox, world, draft.message.id);
}
