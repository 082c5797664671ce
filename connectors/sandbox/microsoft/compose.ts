import { randomUUID } from "node:crypto";
import MailComposer from "nodemailer/lib/mail-composer";
import { contentOf } from "./content.ts";
import { badRequest, GraphError } from "./graph-error.ts";
import { headOf } from "./item.ts";

/** The message resource of a request body, as far as it makes MIME text. */
export interface Composition {
  readonly subject: string;
  readonly body: { readonly contentType: string; readonly content: string };
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly replyTo: readonly string[];
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly attachments: readonly FileGiven[];
  readonly internetMessageId: string;
}

interface FileGiven {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Buffer;
  readonly contentId: string | undefined;
  readonly inline: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/** At most this many custom headers on a message made from JSON. */
const maxCustomHeaders = 5;

/**
 * Reads a message from JSON; what it leaves out comes from `base`.
 * @throws GraphError 400 for headers that Graph refuses, or malformed recipients and attachments.
 */
export function readComposition(message: Json, owner: string, base?: Composition): Composition {
  const list = (name: string, kept: readonly string[] = []) =>
    message[name] === undefined ? kept : addressesOf(message[name], name);
  const body = message.body as Json | undefined;
  const [domain] = owner.split("@").slice(-1);
  return {
    subject: typeof message.subject === "string" ? message.subject : (base?.subject ?? ""),
    body: body
      ? { contentType: String(body.contentType ?? "text").toLowerCase(), content: String(body.content ?? "") }
      : (base?.body ?? { contentType: "text", content: "" }),
    from: message.from ? (addressesOf([message.from], "from")[0] ?? owner) : (base?.from ?? owner),
    to: list("toRecipients", base?.to),
    cc: list("ccRecipients", base?.cc),
    bcc: list("bccRecipients", base?.bcc),
    replyTo: list("replyTo", base?.replyTo),
    headers:
      message.internetMessageHeaders === undefined ? (base?.headers ?? []) : headersOf(message.internetMessageHeaders),
    attachments:
      message.attachments === undefined
        ? (base?.attachments ?? [])
        : asArray(message.attachments, "attachments").map(fileOf),
    internetMessageId:
      typeof message.internetMessageId === "string"
        ? message.internetMessageId
        : (base?.internetMessageId ?? `<${randomUUID()}@${domain}>`),
  };
}

/** The composition that a draft's MIME text amounts to, to be changed and built again. */
export async function compositionOf(mime: Buffer, hiddenBcc: readonly string[], owner: string): Promise<Composition> {
  const head = headOf(mime);
  const content = await contentOf(mime);
  const addresses = (list: readonly { readonly address: string }[]) => list.map((one) => one.address);
  return {
    subject: head.subject,
    body:
      content.html === undefined
        ? { contentType: "text", content: content.text }
        : { contentType: "html", content: content.html },
    from: head.from?.address ?? owner,
    to: addresses(head.to),
    cc: addresses(head.cc),
    bcc: [...addresses(head.bcc), ...hiddenBcc],
    replyTo: addresses(head.replyTo),
    headers: head.headers.filter((header) => /^x-/i.test(header.name)),
    attachments: content.attachments.map((file) => ({
      name: file.name,
      contentType: file.contentType,
      bytes: file.bytes,
      contentId: file.contentId ?? undefined,
      inline: file.isInline,
    })),
    internetMessageId: head.internetMessageId ?? `<${randomUUID()}@sandbox.invalid>`,
  };
}

/** Builds the MIME text; Bcc stays in it, transport takes it off. */
export async function buildMime(composition: Composition, at: Date): Promise<Buffer> {
  const html = composition.body.contentType === "html";
  const composer = new MailComposer({
    from: composition.from,
    to: [...composition.to],
    cc: [...composition.cc],
    bcc: [...composition.bcc],
    replyTo: [...composition.replyTo],
    subject: composition.subject,
    messageId: composition.internetMessageId,
    date: at,
    headers: composition.headers.map(({ name, value }) => ({ key: name, value })),
    ...(html ? { html: composition.body.content } : { text: composition.body.content }),
    attachments: composition.attachments.map((file) => ({
      filename: file.name,
      contentType: file.contentType,
      content: file.bytes,
      ...(file.contentId === undefined ? {} : { cid: file.contentId }),
      contentDisposition: file.inline ? ("inline" as const) : ("attachment" as const),
    })),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const node = composer.compile();
  node.keepBcc = true;
  return await node.build();
}

/** Decodes the base64 of a MIME request body. @throws GraphError ErrorMimeContentInvalidBase64String */
export function decodeMimeBody(body: Buffer): Buffer {
  const text = body.toString("latin1");
  if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(text)) {
    throw new GraphError(400, "ErrorMimeContentInvalidBase64String", "The MIME content is not valid base64.");
  }
  return Buffer.from(text, "base64");
}

function headersOf(value: unknown): Composition["headers"] {
  const headers = asArray(value, "internetMessageHeaders") as readonly Json[];
  if (headers.length === 0)
    throw badRequest("The collection internetMessageHeaders must not be empty.", "ErrorInvalidProperty");
  if (headers.length > maxCustomHeaders) {
    throw badRequest(
      "Maximum number of headers in one message should be less than or equal to 5.",
      "InvalidInternetMessageHeaderCollection",
    );
  }
  return headers.map((header) => {
    const name = String(header.name ?? "");
    if (!/^x-[\x21-\x39\x3b-\x7e]+$/i.test(name)) {
      throw badRequest(
        `The internet message header name '${name}' should start with 'x-' or 'X-'.`,
        "InvalidInternetMessageHeader",
      );
    }
    return { name, value: String(header.value ?? "") };
  });
}

function addressesOf(value: unknown, name: string): readonly string[] {
  return asArray(value, name).map((entry) => {
    const address = ((entry as Json | null)?.emailAddress as Json | undefined)?.address;
    if (typeof address !== "string" || address === "")
      throw badRequest(`Invalid recipient in ${name}.`, "ErrorInvalidRecipients");
    return address;
  });
}

function fileOf(value: unknown): FileGiven {
  const file = value as Json;
  if (file["@odata.type"] !== "#microsoft.graph.fileAttachment" || typeof file.contentBytes !== "string") {
    throw badRequest("An attachment needs @odata.type '#microsoft.graph.fileAttachment' and contentBytes.");
  }
  return {
    name: String(file.name ?? "attachment"),
    contentType: String(file.contentType ?? "application/octet-stream"),
    bytes: Buffer.from(file.contentBytes, "base64"),
    contentId: typeof file.contentId === "string" ? file.contentId : undefined,
    inline: file.isInline === true,
  };
}

function asArray(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw badRequest(`The property ${name} must be a collection.`);
  return value;
}
