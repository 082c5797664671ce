import { FULL_MAIL, GMAIL_COMPOSE, GMAIL_INSERT, GMAIL_MODIFY, GMAIL_SEND } from "../auth/scopes.ts";
import { invalidArgument } from "../google-error.ts";
import { type Answer, type Call, json, type Route } from "../http/route.ts";
import { sendMessage } from "../mail/delivery.ts";
import { headerValue, readHeaders } from "../mail/headers.ts";
import { SYSTEM_LABELS } from "../mail/labels.ts";
import { addMessage, addToVault, type Mailbox, type StoredMessage } from "../mail/mailbox.ts";
import { labelIdsOf, messageReference } from "../mail/message-view.ts";
import type { World } from "../world.ts";
import { gmailRoute, USER } from "./gmail-call.ts";
import { givenMessage, MESSAGE_FIELDS } from "./mail-body.ts";

/** Largest message to send: 35 MiB; to insert: 150 MiB (discovery document, mediaUpload). */
export const MAX_SEND_BYTES = 36_700_160;
const MAX_INSERT_BYTES = 157_286_400;

const insertScopes = [FULL_MAIL, GMAIL_INSERT, GMAIL_MODIFY];

export const messageAddRoutes: readonly Route[] = [
  gmailRoute({
    id: "gmail.users.messages.send",
    method: "POST",
    path: `${USER}/messages/send`,
    scopes: [FULL_MAIL, GMAIL_COMPOSE, GMAIL_MODIFY, GMAIL_SEND],
    body: MESSAGE_FIELDS,
    maxMediaBytes: MAX_SEND_BYTES,
    units: [100, 100],
    handle: (call, world, mailbox) => {
      const { raw, threadId } = givenMessage(call, mailbox);
      const sent = sendMessage(world, mailbox, raw, threadId === undefined ? {} : { threadId });
      return added(sent);
    },
  }),
  gmailRoute({
    id: "gmail.users.messages.insert",
    method: "POST",
    path: `${USER}/messages`,
    scopes: insertScopes,
    query: ["deleted", "internalDateSource"],
    body: MESSAGE_FIELDS,
    maxMediaBytes: MAX_INSERT_BYTES,
    units: [25, 25],
    handle: (call, world, mailbox) => put(call, world, mailbox, "receivedTime"),
  }),
  gmailRoute({
    id: "gmail.users.messages.import",
    method: "POST",
    path: `${USER}/messages/import`,
    scopes: insertScopes,
    query: ["deleted", "internalDateSource", "neverMarkSpam", "processForCalendar"],
    body: MESSAGE_FIELDS,
    maxMediaBytes: MAX_INSERT_BYTES,
    units: [25, 25],
    handle: (call, world, mailbox) => put(call, world, mailbox, "dateHeader"),
  }),
];

/** Insert and import: stores the bytes as they are and sends nothing. */
function put(call: Call, world: World, mailbox: Mailbox, dateSource: "receivedTime" | "dateHeader"): Answer {
  const { raw, threadId, labelIds } = givenMessage(call, mailbox);
  for (const label of labelIds) {
    if (label === "DRAFT" || !(SYSTEM_LABELS.includes(label) || mailbox.labels.has(label))) {
      throw invalidArgument(`Invalid label: ${label}`);
    }
  }
  const message = {
    raw,
    labels: labelIds,
    internalDate: internalDate(world, raw, call.query.get("internalDateSource") ?? dateSource),
    ...(threadId === undefined ? {} : { threadId }),
  };
  const store = call.query.get("deleted") === "true" ? addToVault : addMessage;
  return added(store(mailbox, world, message));
}

function internalDate(world: World, raw: Buffer, source: string): number {
  if (source !== "receivedTime" && source !== "dateHeader") {
    throw invalidArgument("Invalid value at 'internal_date_source'");
  }
  const now = world.clock().getTime();
  if (source === "receivedTime") return now;
  const stated = Date.parse(headerValue(readHeaders(raw), "date") ?? "");
  return Number.isNaN(stated) ? now : stated;
}

function added(message: StoredMessage): Answer {
  return json({ ...messageReference(message), ...labelIdsOf(message.labels) });
}
