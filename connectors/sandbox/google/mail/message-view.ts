import { decodeWords } from "postal-mime";
import { invalidArgument } from "../google-error.ts";
import { type HeaderField, headerValue } from "./headers.ts";
import type { StoredMessage } from "./mailbox.ts";
import { leaves, type MailPart, readParts } from "./parts.ts";

export const MESSAGE_FORMATS = ["minimal", "full", "raw", "metadata"] as const;

export type MessageFormat = (typeof MESSAGE_FORMATS)[number];

/** Text parts up to this size come inside the answer; anything with a file name never does. */
const INLINE_LIMIT_BYTES = 100_000;

const SNIPPET_LENGTH = 200;

export interface ViewOptions {
  readonly format: MessageFormat;
  /** For `metadata`: only these; all when empty. */
  readonly metadataHeaders: readonly string[];
  /** Makes an id under which an attachment can be fetched for a while. */
  readonly attachmentId: (message: StoredMessage, partId: string) => string;
}

/** @throws GoogleError 400 for a format that does not exist. */
export function readFormat(value: string | null): MessageFormat {
  const format = MESSAGE_FORMATS.find((known) => known === (value ?? "full").toLowerCase());
  if (format === undefined) throw invalidArgument("Invalid value at 'format'");
  return format;
}

/** A message as `messages.get` answers it. */
export function messageResource(message: StoredMessage, options: ViewOptions): object {
  const summary = {
    id: message.id,
    threadId: message.threadId,
    ...labelIdsOf(message.labels),
    snippet: snippet(message),
    historyId: `${message.historyId}`,
    internalDate: `${message.internalDate}`,
    sizeEstimate: message.raw.length,
  };
  switch (options.format) {
    case "minimal":
      return summary;
    case "raw":
      return { ...summary, raw: message.raw.toString("base64url") };
    case "metadata": {
      const wanted = options.metadataHeaders.map((name) => name.toLowerCase());
      const headers = message.headers.filter(
        (field) => wanted.length === 0 || wanted.includes(field.name.toLowerCase()),
      );
      return {
        ...summary,
        payload: { mimeType: readParts(message.raw).mimeType, headers: headers.map(headerResource) },
      };
    }
    case "full":
      return {
        ...summary,
        payload: partResource(readParts(message.raw), (partId) => options.attachmentId(message, partId)),
      };
  }
}

/** Google's JSON leaves empty lists out. */
export const labelIdsOf = (labels: Iterable<string>): { readonly labelIds?: readonly string[] } => {
  const labelIds = [...labels];
  return labelIds.length === 0 ? {} : { labelIds };
};

/** Id and thread, the only fields that lists and most changes answer. */
export const messageReference = (message: StoredMessage): object => ({ id: message.id, threadId: message.threadId });

function partResource(part: MailPart, attachmentId: (partId: string) => string): object {
  const isContainer = part.parts.length > 0;
  const isInline = part.filename === "" && part.content.length <= INLINE_LIMIT_BYTES;
  const body = isContainer
    ? { size: 0 }
    : isInline
      ? { size: part.content.length, data: part.content.toString("base64url") }
      : { size: part.content.length, attachmentId: attachmentId(part.partId) };
  return {
    partId: part.partId,
    mimeType: part.mimeType,
    filename: decodeWords(part.filename),
    headers: part.headers.map(headerResource),
    body,
    ...(isContainer ? { parts: part.parts.map((child) => partResource(child, attachmentId)) } : {}),
  };
}

function headerResource(field: HeaderField): object {
  return { name: field.name, value: decodeWords(field.value) };
}

function snippet(message: StoredMessage): string {
  const text = leaves(readParts(message.raw)).find((part) => part.mimeType === "text/plain");
  const source = text?.content.toString("utf8") ?? headerValue(message.headers, "subject") ?? "";
  return source.replace(/\s+/g, " ").trim().slice(0, SNIPPET_LENGTH);
}
