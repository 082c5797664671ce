import { headerAddresses, headerText, type NamedAddress, type RawHeader, readHeaders } from "../mime/headers.ts";

/** A message in a mailbox. The store changes it in place; everybody else reads. */
export interface Item {
  /** Immutable id. */
  readonly key: string;
  /** Default id: a new one after every move. */
  restId: string;
  folderId: string;
  mime: Buffer;
  /** Blind copies that the sender's metadata knows and the MIME text does not. */
  hiddenBcc: readonly string[];
  /** Names of files that stayed in the cloud: reference attachments, of which the MIME text knows nothing. */
  cloudFiles: readonly string[];
  isDraft: boolean;
  isRead: boolean;
  categories: readonly string[];
  importance: string;
  flagStatus: string;
  inferenceClassification: string;
  /** Single-value extended properties by id, ids as written by the client that set them. */
  readonly properties: Map<string, string>;
  readonly conversationId: string;
  readonly createdAt: Date;
  modifiedAt: Date;
  receivedAt: Date;
  sentAt: Date | null;
  changeKey: string;
}

/** What the header block of a message says; cheap enough for lists and filters. */
export interface Head {
  readonly headers: readonly RawHeader[];
  readonly internetMessageId: string | null;
  readonly subject: string;
  readonly from: NamedAddress | null;
  readonly sender: NamedAddress | null;
  readonly to: readonly NamedAddress[];
  readonly cc: readonly NamedAddress[];
  readonly bcc: readonly NamedAddress[];
  readonly replyTo: readonly NamedAddress[];
}

const heads = new WeakMap<Uint8Array, Head>();

/** Reads a message's headers once; MIME bytes are never changed in place. */
export function headOf(mime: Uint8Array): Head {
  const known = heads.get(mime);
  if (known) return known;
  const headers = readHeaders(mime);
  const from = headerAddresses(headers, "from")[0] ?? null;
  const head: Head = {
    headers,
    internetMessageId: headerText(headers, "message-id"),
    subject: headerText(headers, "subject") ?? "",
    from,
    sender: headerAddresses(headers, "sender")[0] ?? from,
    to: headerAddresses(headers, "to"),
    cc: headerAddresses(headers, "cc"),
    bcc: headerAddresses(headers, "bcc"),
    replyTo: headerAddresses(headers, "reply-to"),
  };
  heads.set(mime, head);
  return head;
}
