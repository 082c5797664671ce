import { FULL_MAIL, GMAIL_METADATA, GMAIL_MODIFY, GMAIL_READONLY } from "../auth/scopes.ts";
import { forbidden, notFound } from "../google-error.ts";
import { type Call, json, type Route } from "../http/route.ts";
import type { StoredMessage } from "../mail/mailbox.ts";
import { type MessageFormat, messageResource, readFormat } from "../mail/message-view.ts";
import { type MailPart, readParts } from "../mail/parts.ts";
import type { World } from "../world.ts";
import { existingMessage, gmailRoute, USER } from "./gmail-call.ts";

export const messageReadRoutes: readonly Route[] = [
  gmailRoute({
    id: "gmail.users.messages.get",
    method: "GET",
    path: `${USER}/messages/{id}`,
    scopes: [FULL_MAIL, GMAIL_METADATA, GMAIL_MODIFY, GMAIL_READONLY],
    query: ["format", "metadataHeaders"],
    units: [5, 20],
    handle: (call, world, mailbox) => {
      const format = permittedFormat(call);
      return json(viewMessage(call, world, existingMessage(call, world, mailbox), format));
    },
  }),
  gmailRoute({
    id: "gmail.users.messages.attachments.get",
    method: "GET",
    path: `${USER}/messages/{messageId}/attachments/{id}`,
    scopes: [FULL_MAIL, GMAIL_MODIFY, GMAIL_READONLY],
    units: [5, 20],
    handle: (call, world, mailbox) => {
      const message = existingMessage(call, world, mailbox, call.params.messageId);
      const partId = world.attachmentIds.resolve(message.id, call.params.id ?? "");
      const part = partId === undefined ? undefined : findPart(readParts(message.raw), partId);
      if (part === undefined) throw notFound("Invalid attachment token");
      return json({ size: part.content.length, data: part.content.toString("base64url") });
    },
  }),
];

/**
 * The format that a read asks for.
 * @throws GoogleError 403 for content with a token that holds gmail.metadata, whatever else it holds.
 */
export function permittedFormat(call: Call): MessageFormat {
  const format = readFormat(call.query.get("format"));
  if ((format === "full" || format === "raw") && call.principal.scopes.includes(GMAIL_METADATA)) {
    throw forbidden(`Metadata scope doesn't allow format ${format.toUpperCase()}`);
  }
  return format;
}

/** A message as `messages.get` answers it. */
export function viewMessage(call: Call, world: World, message: StoredMessage, format: MessageFormat): object {
  return messageResource(message, {
    format,
    metadataHeaders: call.query.getAll("metadataHeaders"),
    attachmentId: ({ id }, partId) => world.attachmentIds.issue(id, partId),
  });
}

function findPart(part: MailPart, partId: string): MailPart | undefined {
  if (part.partId === partId && part.parts.length === 0) return part;
  for (const child of part.parts) {
    const found = findPart(child, partId);
    if (found !== undefined) return found;
  }
  return undefined;
}
