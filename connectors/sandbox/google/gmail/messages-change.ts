import { FULL_MAIL, GMAIL_MODIFY } from "../auth/scopes.ts";
import { invalidArgument } from "../google-error.ts";
import { type Answer, type Call, json, noContent, type Route } from "../http/route.ts";
import { checkLabelChange } from "../mail/labels.ts";
import { type Mailbox, relabel, removeMessage, type StoredMessage } from "../mail/mailbox.ts";
import { labelIdsOf, messageReference } from "../mail/message-view.ts";
import type { World } from "../world.ts";
import { existingMessage, gmailRoute, stringList, USER } from "./gmail-call.ts";

/** Labels that one `modify` may add, and as many that it may remove. */
const MAX_LABEL_CHANGES = 100;

/** Messages that one `batchModify` or `batchDelete` may name. */
const MAX_BATCH = 1_000;

const CHANGE_FIELDS = ["addLabelIds", "removeLabelIds", "addClassificationLabels", "removeClassificationLabelIds"];
const modifyScopes = [FULL_MAIL, GMAIL_MODIFY];

export const messageChangeRoutes: readonly Route[] = [
  gmailRoute({
    id: "gmail.users.messages.modify",
    method: "POST",
    path: `${USER}/messages/{id}/modify`,
    scopes: modifyScopes,
    body: CHANGE_FIELDS,
    units: [5, 5],
    handle: (call, world, mailbox) => {
      const message = existingMessage(call, world, mailbox);
      change(world, mailbox, message, readChange(call, mailbox));
      return changed(message);
    },
  }),
  gmailRoute({
    id: "gmail.users.messages.batchModify",
    method: "POST",
    path: `${USER}/messages/batchModify`,
    scopes: modifyScopes,
    body: ["ids", ...CHANGE_FIELDS],
    units: [50, 50],
    handle: (call, world, mailbox) => {
      const wanted = readChange(call, mailbox);
      for (const message of batch(call, mailbox)) change(world, mailbox, message, wanted);
      return noContent();
    },
  }),
  gmailRoute({
    id: "gmail.users.messages.trash",
    method: "POST",
    path: `${USER}/messages/{id}/trash`,
    scopes: modifyScopes,
    units: [5, 20],
    handle: (call, world, mailbox) => {
      const message = existingMessage(call, world, mailbox);
      relabel(mailbox, world, message, { add: ["TRASH"], remove: ["INBOX", "SPAM"] });
      return changed(message);
    },
  }),
  gmailRoute({
    id: "gmail.users.messages.untrash",
    method: "POST",
    path: `${USER}/messages/{id}/untrash`,
    scopes: modifyScopes,
    units: [5, 5],
    handle: (call, world, mailbox) => {
      const message = existingMessage(call, world, mailbox);
      relabel(mailbox, world, message, { remove: ["TRASH"] });
      return changed(message);
    },
  }),
  gmailRoute({
    id: "gmail.users.messages.delete",
    method: "DELETE",
    path: `${USER}/messages/{id}`,
    scopes: [FULL_MAIL],
    units: [10, 10],
    handle: (call, world, mailbox) => {
      removeMessage(mailbox, world, existingMessage(call, world, mailbox).id);
      return noContent();
    },
  }),
  gmailRoute({
    id: "gmail.users.messages.batchDelete",
    method: "POST",
    path: `${USER}/messages/batchDelete`,
    scopes: [FULL_MAIL],
    body: ["ids"],
    units: [50, 50],
    handle: (call, world, mailbox) => {
      for (const message of batch(call, mailbox)) removeMessage(mailbox, world, message.id);
      return noContent();
    },
  }),
];

interface LabelChange {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

function readChange(call: Call, mailbox: Mailbox): LabelChange {
  const add = stringList(call, "addLabelIds");
  const remove = stringList(call, "removeLabelIds");
  if (add.length > MAX_LABEL_CHANGES || remove.length > MAX_LABEL_CHANGES) {
    throw invalidArgument("Too many labels in one request");
  }
  if (add.length + remove.length === 0) throw invalidArgument("No label add or removes specified");
  checkLabelChange(mailbox.labels, add, remove);
  return { add, remove };
}

function change(world: World, mailbox: Mailbox, message: StoredMessage, { add, remove }: LabelChange): void {
  // A draft carries no label but DRAFT (Gmail's guide on drafts).
  if (message.labels.has("DRAFT") && add.length > 0) throw invalidArgument("Labels cannot be added to a draft");
  const alsoRemove = add.includes("TRASH") ? ["INBOX", "SPAM"] : [];
  relabel(mailbox, world, message, { add, remove: [...new Set([...remove, ...alsoRemove])] });
}

function batch(call: Call, mailbox: Mailbox): readonly StoredMessage[] {
  const ids = stringList(call, "ids");
  if (ids.length === 0) throw invalidArgument("No message ids specified");
  if (ids.length > MAX_BATCH) throw invalidArgument("Too many message ids specified");
  // There is no answer for each id: unknown ones are passed over.
  return ids.flatMap((id) => mailbox.messages.get(id) ?? []);
}

function changed(message: StoredMessage): Answer {
  return json({ ...messageReference(message), ...labelIdsOf(message.labels) });
}
