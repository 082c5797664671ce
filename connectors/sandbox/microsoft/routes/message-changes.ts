import { actionParameter, type Call, jsonBody, type Route } from "../call.ts";
import { buildMime, compositionOf, readComposition } from "../compose.ts";
import { badRequest, GraphError } from "../graph-error.ts";
import type { Item } from "../item.ts";
import { copyItem, type Mailbox, moveItem, updateItem } from "../mailbox.ts";
import { messageJson } from "../message-json.ts";
import { viewOf } from "../query.ts";
import { messagePaths, placeOf } from "./messages.ts";

const write = ["Mail.ReadWrite"];

/** Properties that anybody may set on any message. */
const always = new Set([
  "categories",
  "isRead",
  "flag",
  "importance",
  "inferenceClassification",
  "singleValueExtendedProperties",
  "multiValueExtendedProperties",
]);

/** Properties that can be set while the message is a draft only; on sent mail they need Mail-Advanced.ReadWrite. */
const draftOnly = new Set([
  "subject",
  "body",
  "toRecipients",
  "ccRecipients",
  "bccRecipients",
  "replyTo",
  "from",
  "sender",
  "internetMessageId",
  "isDeliveryReceiptRequested",
  "isReadReceiptRequested",
]);

/** move, copy and PATCH. */
export function messageChangeRoutes(): readonly Route[] {
  return [
    ...messagePaths("move").map((path): Route => ({ method: "POST", path, roles: write, handle: relocate(moveItem) })),
    ...messagePaths("copy").map((path): Route => ({ method: "POST", path, roles: write, handle: relocate(copyItem) })),
    ...messagePaths("").map((path): Route => ({ method: "PATCH", path, roles: write, handle: patch })),
  ];
}

function relocate(act: typeof moveItem): Route["handle"] {
  return async (call, params) => {
    const { mailbox, item } = placeOf(call, params);
    const destination = actionParameter(jsonBody(call), "destinationId");
    if (typeof destination !== "string" || destination === "")
      throw badRequest("destinationId is required.", "ErrorInvalidRequest");
    const result = act(mailbox, item, destination);
    return { status: 201, body: await messageJson(mailbox, result, viewOf(call)) };
  };
}

const patch: Route["handle"] = async (call, params) => {
  const { mailbox, item } = placeOf(call, params);
  const body = jsonBody(call);
  const expected = call.headers["if-match"];
  if (
    expected !== undefined &&
    expected !== "*" &&
    expected !== `W/"${item.changeKey}"` &&
    expected !== item.changeKey
  ) {
    throw new GraphError(
      412,
      "ErrorIrresolvableConflict",
      "The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item.",
    );
  }
  const names = Object.keys(body).filter((name) => !name.startsWith("@"));
  for (const name of names) {
    if (always.has(name)) continue;
    if (!draftOnly.has(name))
      throw badRequest(`The property '${name}' does not exist or is read-only.`, "ErrorInvalidProperty");
    if (!item.isDraft) {
      throw new GraphError(
        403,
        "ErrorAccessDenied",
        `The property '${name}' of a message that is not a draft needs Mail-Advanced.ReadWrite.`,
      );
    }
  }
  const mime = names.some((name) => draftOnly.has(name)) ? await rewritten(call, mailbox, item, body) : undefined;
  updateItem(mailbox, item, () => {
    if (mime) Object.assign(item, { mime, hiddenBcc: [] });
    applyMarks(item, body);
  });
  return { status: 200, body: await messageJson(mailbox, item, viewOf(call)) };
};

async function rewritten(call: Call, mailbox: Mailbox, item: Item, body: Record<string, unknown>): Promise<Buffer> {
  const owner = call.tenant.users.get(mailbox.ownerId)?.address ?? "";
  const base = await compositionOf(item.mime, item.hiddenBcc, owner);
  return await buildMime(readComposition(body, owner, base), call.tenant.now());
}

/** Sets what lies beside the MIME text. `categories` replaces the whole list; a property's null value removes it. */
export function applyMarks(item: Item, body: Readonly<Record<string, unknown>>): void {
  if (Array.isArray(body.categories)) item.categories = [...new Set(body.categories.map(String))];
  if (typeof body.isRead === "boolean") item.isRead = body.isRead;
  if (typeof body.importance === "string") item.importance = body.importance;
  if (typeof body.inferenceClassification === "string") item.inferenceClassification = body.inferenceClassification;
  const flag = body.flag as { readonly flagStatus?: unknown } | null | undefined;
  if (flag && typeof flag.flagStatus === "string") item.flagStatus = flag.flagStatus;
  if (!Array.isArray(body.singleValueExtendedProperties)) return;
  for (const { id, value } of body.singleValueExtendedProperties as readonly { id: unknown; value: unknown }[]) {
    if (typeof id !== "string" || !/^(String|Integer|Boolean|SystemTime|Long|Double)\s/i.test(id)) {
      throw badRequest("The extended property id is malformed.", "ErrorInvalidPropertyForOperation");
    }
    const known = [...item.properties.keys()].find((name) => name.toLowerCase() === id.toLowerCase()) ?? id;
    if (value === null) item.properties.delete(known);
    else item.properties.set(known, String(value));
  }
}
