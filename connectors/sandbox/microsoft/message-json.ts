import type { NamedAddress } from "../mime/headers.ts";
import { contentOf, textOf } from "./content.ts";
import { badRequest } from "./graph-error.ts";
import { type Head, headOf, type Item } from "./item.ts";
import { inFolder, type Mailbox } from "./mailbox.ts";

/** How a client wants a message shown. */
export interface View {
  readonly immutable: boolean;
  readonly text: boolean;
  /** Property names of `$select`; undefined shows the default set. */
  readonly select: readonly string[] | undefined;
  /** Ids of the extended properties of `$expand`. */
  readonly properties: readonly string[];
}

/** Properties that are shown only when asked for. */
const onRequest = new Set(["internetMessageHeaders", "uniqueBody"]);

/** The message resource type of Graph v1.0, without the body and what else needs the whole MIME text. */
export function headJson(mailbox: Mailbox, item: Item, immutable: boolean): Record<string, unknown> {
  const head = headOf(item.mime);
  return {
    id: immutable ? item.key : item.restId,
    createdDateTime: graphTime(item.createdAt),
    lastModifiedDateTime: graphTime(item.modifiedAt),
    changeKey: item.changeKey,
    categories: item.categories,
    receivedDateTime: graphTime(item.receivedAt),
    sentDateTime: graphTime(item.sentAt ?? item.createdAt),
    internetMessageId: head.internetMessageId,
    subject: head.subject,
    importance: item.importance,
    parentFolderId: item.folderId,
    conversationId: item.conversationId,
    conversationIndex: "AQHY",
    isDeliveryReceiptRequested: false,
    isReadReceiptRequested: false,
    isRead: item.isRead,
    isDraft: item.isDraft,
    webLink: "https://outlook.office365.com/owa/",
    inferenceClassification: item.inferenceClassification,
    sender: head.sender ? recipient(head.sender) : null,
    from: head.from ? recipient(head.from) : null,
    toRecipients: head.to.map(recipient),
    ccRecipients: head.cc.map(recipient),
    bccRecipients: bccOf(head, item).map(recipient),
    replyTo: head.replyTo.map(recipient),
    flag: { flagStatus: item.flagStatus },
    singleValueExtendedProperties: [...item.properties].map(([id, value]) => ({ id, value })),
    // Exchange leaves these out for what the mailbox's owner wrote, and has them only in the MIME text.
    internetMessageHeaders:
      item.isDraft || inFolder(mailbox, item, "sentitems")
        ? undefined
        : head.headers.map(({ name, value }) => ({ name, value })),
  };
}

/** The whole message as the view asks. @throws GraphError 400 for an unknown property in `$select`. */
export async function messageJson(mailbox: Mailbox, item: Item, view: View): Promise<Record<string, unknown>> {
  const head = headJson(mailbox, item, view.immutable);
  const content = await contentOf(item.mime);
  const body = bodyOf(content, view.text);
  const all: Record<string, unknown> = {
    ...head,
    hasAttachments: item.cloudFiles.length > 0 || content.attachments.some((file) => !file.isInline),
    bodyPreview: content.text.replace(/\s+/g, " ").trim().slice(0, 255),
    body,
    uniqueBody: body,
  };
  const names = view.select ?? Object.keys(all).filter((name) => !onRequest.has(name));
  const shown: Record<string, unknown> = { "@odata.etag": `W/"${item.changeKey}"`, id: all.id };
  for (const name of names) {
    if (!(name in all))
      throw badRequest(`Could not find a property named '${name}' on type 'microsoft.graph.message'.`);
    if (name !== "singleValueExtendedProperties" && all[name] !== undefined) shown[name] = all[name];
  }
  const expanded = view.properties.flatMap((id) => {
    const value = propertyValue(item, id);
    return value === undefined ? [] : [{ id, value }];
  });
  if (expanded.length > 0) shown.singleValueExtendedProperties = expanded;
  return shown;
}

/** Ids of extended properties compare without regard to case. */
export function propertyValue(item: Item, id: string): string | undefined {
  for (const [name, value] of item.properties) if (name.toLowerCase() === id.toLowerCase()) return value;
  return undefined;
}

/** Graph shows whole seconds. */
export function graphTime(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}

function recipient(who: NamedAddress): object {
  return { emailAddress: { name: who.name || who.address, address: who.address } };
}

function bccOf(head: Head, item: Item): readonly NamedAddress[] {
  const written = new Set(head.bcc.map((one) => one.address.toLowerCase()));
  const hidden = item.hiddenBcc.filter((address) => !written.has(address.toLowerCase()));
  return [...head.bcc, ...hidden.map((address) => ({ name: "", address }))];
}

function bodyOf(content: { readonly html: string | undefined; readonly text: string }, text: boolean): object {
  if (content.html === undefined) return { contentType: "text", content: content.text };
  if (text) return { contentType: "text", content: textOf(content.html) };
  return { contentType: "html", content: content.html };
}
