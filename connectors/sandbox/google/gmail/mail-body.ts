import { invalidArgument, notFound } from "../google-error.ts";
import type { Call } from "../http/route.ts";
import type { Mailbox } from "../mail/mailbox.ts";

/** Names of the `Message` resource that a request body may have. */
export const MESSAGE_FIELDS = [
  "id",
  "threadId",
  "labelIds",
  "snippet",
  "historyId",
  "internalDate",
  "payload",
  "sizeEstimate",
  "raw",
  "classificationLabelValues",
];

export interface GivenMessage {
  readonly raw: Buffer;
  readonly threadId?: string;
  readonly labelIds: readonly string[];
}

/**
 * The message of an upload or of a JSON body (`raw`, base64url).
 * @throws GoogleError 400 without a message, 404 for a thread that the mailbox has not got.
 */
export function givenMessage(call: Call, mailbox: Mailbox, resource: unknown = call.json): GivenMessage {
  const { raw, threadId, labelIds } = (resource ?? {}) as {
    readonly raw?: unknown;
    readonly threadId?: unknown;
    readonly labelIds?: readonly string[];
  };
  const bytes = call.isMedia ? call.body : decodeRaw(raw);
  if (bytes.length === 0)
    throw invalidArgument("'raw' RFC822 payload message string or uploading message via /upload/* URL required");
  if (typeof threadId === "string" && ![...mailbox.messages.values()].some((known) => known.threadId === threadId)) {
    throw notFound();
  }
  return { raw: bytes, labelIds: labelIds ?? [], ...(typeof threadId === "string" ? { threadId } : {}) };
}

function decodeRaw(raw: unknown): Buffer {
  if (raw === undefined || raw === null) return Buffer.alloc(0);
  // Google's parser takes both alphabets, with and without padding.
  if (typeof raw !== "string" || !/^[A-Za-z0-9_+/-]*={0,2}$/.test(raw)) {
    throw invalidArgument("Invalid value at 'message.raw' (TYPE_BYTES), Base64 decoding failed");
  }
  return Buffer.from(raw, "base64url");
}
