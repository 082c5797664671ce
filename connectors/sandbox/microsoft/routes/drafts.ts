import { actionParameter, type Call, jsonBody, type Route } from "../call.ts";
import { buildMime, decodeMimeBody, readComposition } from "../compose.ts";
import { badRequest, GraphError } from "../graph-error.ts";
import { addItem, updateItem } from "../mailbox.ts";
import { messageJson } from "../message-json.ts";
import { viewOf } from "../query.ts";
import { mailboxOf, userOf } from "../tenant.ts";
import { recallCopies, recipientsOf, submit, submitDraft } from "../transport.ts";
import { applyMarks } from "./message-changes.ts";
import { messagePaths, placeOf } from "./messages.ts";

const write = ["Mail.ReadWrite"];
const send = ["Mail.Send"];

/** Making drafts, sending them, sendMail, and recall. */
export function draftRoutes(): readonly Route[] {
  return [
    { method: "POST", path: "users/:user/messages", roles: write, handle: createDraft },
    { method: "POST", path: "users/:user/mailFolders/:folder/messages", roles: write, handle: createDraft },
    ...messagePaths("$value").map(
      (path): Route => ({
        method: "PUT",
        path,
        roles: write,
        handle: async (call, params) => {
          const { mailbox, item } = placeOf(call, params);
          if (!item.isDraft)
            throw new GraphError(403, "ErrorAccessDenied", "Only the MIME content of drafts can be replaced.");
          const mime = decodeMimeBody(call.body);
          updateItem(mailbox, item, () => Object.assign(item, { mime, hiddenBcc: [] }));
          return { status: 200, body: await messageJson(mailbox, item, viewOf(call)) };
        },
      }),
    ),
    ...messagePaths("send").map(
      (path): Route => ({
        method: "POST",
        path,
        roles: send,
        handle: (call, params) => {
          const { mailbox, item } = placeOf(call, params);
          if (!item.isDraft) throw badRequest("Only drafts can be sent.", "ErrorInvalidRequest");
          requireRecipients(call, item.mime, item.hiddenBcc);
          submitDraft(call.tenant, mailbox, item);
          return { status: 202 };
        },
      }),
    ),
    { method: "POST", path: "users/:user/sendMail", roles: send, handle: sendMail },
    {
      method: "POST",
      path: "users/:user/mailFolders/sentitems/messages/:id/recall",
      roles: write,
      beta: true,
      handle: (call, params) => {
        const { mailbox, item } = placeOf(call, { ...params, folder: "sentitems" });
        const from = call.tenant.users.get(mailbox.ownerId)?.address ?? "";
        const { mime, hiddenBcc } = item;
        call.tenant.later(call.tenant.quirks.recallDelayMs, () =>
          recallCopies(call.tenant, { from, mime, bcc: hiddenBcc }),
        );
        return {
          status: 202,
          headers: { "Content-Type": "text/plain" },
          body: "Recall request submitted to hub server sandbox",
        };
      },
    },
  ];
}

const createDraft: Route["handle"] = async (call, params) => {
  const mailbox = mailboxOf(call.tenant, params.user ?? "");
  const owner = userOf(call.tenant, params.user ?? "").address;
  const json = isMime(call) ? undefined : jsonBody(call);
  const mime = json ? await buildMime(readComposition(json, owner), call.tenant.now()) : decodeMimeBody(call.body);
  const item = addItem(mailbox, { mime, folder: params.folder ?? "drafts", isDraft: true, isRead: true, sentAt: null });
  if (json) applyMarks(item, json);
  return { status: 201, body: await messageJson(mailbox, item, viewOf(call)) };
};

const sendMail: Route["handle"] = async (call, params) => {
  const user = userOf(call.tenant, params.user ?? "");
  mailboxOf(call.tenant, user.id);
  let mime: Buffer;
  let saveToSentItems = true;
  if (isMime(call)) {
    mime = decodeMimeBody(call.body);
  } else {
    const body = jsonBody(call);
    const message = actionParameter(body, "message");
    if (typeof message !== "object" || message === null)
      throw badRequest("The parameter message is required.", "ErrorInvalidParameter");
    mime = await buildMime(readComposition(message as Record<string, unknown>, user.address), call.tenant.now());
    saveToSentItems = actionParameter(body, "saveToSentItems") !== false;
  }
  requireRecipients(call, mime, []);
  submit(call.tenant, user.id, { from: user.address, mime, bcc: [], saveToSentItems });
  return { status: 202 };
};

function requireRecipients(call: Call, mime: Buffer, bcc: readonly string[]): void {
  if (recipientsOf(call.tenant, { mime, bcc }).size === 0) {
    throw badRequest("At least one recipient is not valid.", "ErrorInvalidRecipients");
  }
}

function isMime(call: Call): boolean {
  return /^text\/plain\b/i.test(call.headers["content-type"] ?? "");
}
