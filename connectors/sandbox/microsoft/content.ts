import PostalMime, { type Attachment } from "postal-mime";

/** The decoded inside of a message, as far as Graph shows it in JSON. */
export interface Content {
  readonly html: string | undefined;
  readonly text: string;
  readonly attachments: readonly AttachedFile[];
}

export interface AttachedFile {
  readonly name: string;
  readonly contentType: string;
  readonly contentId: string | null;
  readonly isInline: boolean;
  /** A message inside the message: an itemAttachment. */
  readonly isItem: boolean;
  readonly bytes: Buffer;
}

const contents = new WeakMap<Uint8Array, Promise<Content>>();

/** Parses a message once. What cannot be parsed has an empty body and no attachments; its MIME text stays readable. */
export function contentOf(mime: Uint8Array): Promise<Content> {
  const known = contents.get(mime);
  if (known !== undefined) return known;
  const content = parse(mime).catch((): Content => ({ html: undefined, text: "", attachments: [] }));
  contents.set(mime, content);
  return content;
}

async function parse(mime: Uint8Array): Promise<Content> {
  const email = await PostalMime.parse(mime, { forceRfc822Attachments: true });
  return { html: email.html, text: email.text ?? textOf(email.html ?? ""), attachments: email.attachments.map(file) };
}

function file(attachment: Attachment): AttachedFile {
  const { content, mimeType } = attachment;
  const bytes = typeof content === "string" ? Buffer.from(content) : Buffer.from(new Uint8Array(content));
  return {
    name: attachment.filename ?? (mimeType === "message/rfc822" ? "message" : "attachment"),
    contentType: mimeType,
    contentId: attachment.contentId?.replace(/^<|>$/g, "") ?? null,
    isInline: attachment.disposition === "inline" || attachment.related === true,
    isItem: mimeType === "message/rfc822",
    bytes,
  };
}

/** Good enough for `outlook.body-content-type="text"`. */
export function textOf(html: string): string {
  return html
    .replace(/<(style|script)\b[\s\S]*?<\/\1>/gi, "")
    .replace(/<(br|\/p|\/div|\/tr)\b[^>]*>/gi, "\r\n")
    .replace(/<[^>]*>/g, "")
    .replace(/&nbsp;/g, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");
}
