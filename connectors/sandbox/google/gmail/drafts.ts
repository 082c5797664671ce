import { FULL_MAIL, GMAIL_COMPOSE, GMAIL_MODIFY, GMAIL_READONLY } from "../auth/scopes.ts";
import { invalidArgument } from "../google-error.ts";
import { type Call, json, noContent, type Route } from "../http/route.ts";
import { sendDraft } from "../mail/delivery.ts";
import { deleteDraft, getDraft, type StoredDraft, saveDraft } from "../mail/drafts.ts";
import type { Mailbox } from "../mail/mailbox.ts";
import { messageReference } from "../mail/message-view.ts";
import type { World } from "../world.ts";
import { gmailRoute, pageSize, USER } from "./gmail-call.ts";
import { givenMessage } from "./mail-body.ts";
import { searchMessages } from "./message-list.ts";
import { MAX_SEND_BYTES } from "./messages-add.ts";
import { permittedFormat, viewMessage } from "./messages-read.ts";

const readScopes = [FULL_MAIL, GMAIL_COMPOSE, GMAIL_MODIFY, GMAIL_READONLY];
const writeScopes = [FULL_MAIL, GMAIL_COMPOSE, GMAIL_MODIFY];
const body = ["id", "message"];

export const draftRoutes: readonly Route[] = [
  gmailRoute({
    id: "gmail.users.drafts.list",
    method: "GET",
    path: `${USER}/drafts`,
    scopes: readScopes,
    query: ["includeSpamTrash", "maxResults", "pageToken", "q"],
    units: [5, 5],
    handle: (call, world, mailbox) => {
      const found = new Set(searchMessages(call, world, mailbox));
      const all = [...mailbox.drafts.keys()]
        .map((id) => getDraft(mailbox, id))
        .filter(({ message }) => found.has(message));
      const from = Number(call.query.get("pageToken") ?? 0);
      const shown = all.slice(from, from + pageSize(call));
      const next = from + shown.length;
      return json({
        ...(shown.length === 0 ? {} : { drafts: shown.map(draftReference) }),
        ...(next < all.length ? { nextPageToken: `${next}` } : {}),
        resultSizeEstimate: all.length,
      });
    },
  }),
  gmailRoute({
    id: "gmail.users.drafts.get",
    method: "GET",
    path: `${USER}/drafts/{id}`,
    scopes: readScopes,
    query: ["format"],
    units: [5, 20],
    handle: (call, world, mailbox) => {
      const { id, message } = getDraft(mailbox, call.params.id ?? "");
      return json({ id, message: viewMessage(call, world, message, permittedFormat(call)) });
    },
  }),
  gmailRoute({
    id: "gmail.users.drafts.create",
    method: "POST",
    path: `${USER}/drafts`,
    scopes: writeScopes,
    body,
    maxMediaBytes: MAX_SEND_BYTES,
    units: [10, 10],
    handle: (call, world, mailbox) => json(saved(save(call, world, mailbox))),
  }),
  gmailRoute({
    id: "gmail.users.drafts.update",
    method: "PUT",
    path: `${USER}/drafts/{id}`,
    scopes: writeScopes,
    body,
    maxMediaBytes: MAX_SEND_BYTES,
    units: [15, 15],
    handle: (call, world, mailbox) => json(saved(save(call, world, mailbox, call.params.id))),
  }),
  gmailRoute({
    id: "gmail.users.drafts.delete",
    method: "DELETE",
    path: `${USER}/drafts/{id}`,
    scopes: writeScopes,
    units: [10, 10],
    handle: (call, world, mailbox) => {
      deleteDraft(world, mailbox, call.params.id ?? "");
      return noContent();
    },
  }),
  gmailRoute({
    id: "gmail.users.drafts.send",
    method: "POST",
    path: `${USER}/drafts/send`,
    scopes: writeScopes,
    body,
    maxMediaBytes: MAX_SEND_BYTES,
    units: [100, 100],
    handle: (call, world, mailbox) => {
      const id = call.json.id;
      if (typeof id !== "string") throw invalidArgument("Missing draft id");
      const isUpdated = call.isMedia || call.json.message !== undefined;
      const draft = isUpdated ? save(call, world, mailbox, id) : getDraft(mailbox, id);
      const sent = sendDraft(world, mailbox, id, draft.message);
      return json({ ...messageReference(sent), labelIds: [...sent.labels] });
    },
  }),
];

function save(call: Call, world: World, mailbox: Mailbox, draftId?: string): StoredDraft {
  const { raw, threadId } = givenMessage(call, mailbox, call.json.message);
  return saveDraft(world, mailbox, raw, {
    ...(draftId === undefined ? {} : { draftId }),
    ...(threadId === undefined ? {} : { threadId }),
  });
}

const draftReference = ({ id, message }: StoredDraft): object => ({ id, message: messageReference(message) });

const saved = ({ id, message }: StoredDraft): object => ({
  id,
  message: { ...messageReference(message), labelIds: [...message.labels] },
});
