import { randomBytes } from "node:crypto";
import { invalidArgument } from "../google-error.ts";
import { derivedMembers, findGroup, findPerson, withoutPlusTag } from "../people.ts";
import { usableMailbox, type World } from "../world.ts";
import { headerRecipients } from "./addresses.ts";
import { headerValue, readHeaders, withHeadersOnTop, withoutHeader } from "./headers.ts";
import { addMessage, type Mailbox, relabel, removeMessage, type StoredMessage } from "./mailbox.ts";

/** Recipients of one message that Gmail takes (quota page). */
const MAX_RECIPIENTS = 500;

export interface SendOptions {
  /** Envelope recipients beside those of the headers; shown as a Bcc header in the sender's copy only. */
  readonly bcc?: readonly string[];
  readonly threadId?: string;
  /**
   * How the sender's mailbox shows it: a new message with SENT, or the draft's message relabelled from DRAFT to SENT.
   * Which one Gmail's clients cause is documented nowhere, so both can be had. Default `added`.
   */
  readonly appears?: "added" | "relabelled";
}

/**
 * Sends a message: a copy labelled SENT for the sender, one for each internal recipient without its Bcc header, and an
 * entry in `outside` for the external ones. Bytes are spliced, never re-encoded.
 * @throws GoogleError 400 without a recipient or with too many.
 */
export function sendMessage(world: World, sender: Mailbox, mime: Buffer, options: SendOptions = {}): StoredMessage {
  const envelope = new Set([...headerRecipients(mime), ...(options.bcc ?? []).map((address) => address.toLowerCase())]);
  if (envelope.size === 0) throw invalidArgument("Recipient address required");
  if (envelope.size > MAX_RECIPIENTS) throw invalidArgument("Too many recipients");

  const identified = withMessageId(world, mime);
  const sentCopy =
    options.bcc === undefined || options.bcc.length === 0
      ? identified
      : withHeadersOnTop(identified, [`Bcc: ${options.bcc.join(", ")}`]);
  const { mailboxes, outside, undeliverable } = route(world, envelope);
  const toOneself = mailboxes.has(sender);
  const sent = putSent(world, sender, sentCopy, toOneself, options);

  const internetMessageId = headerValue(sent.headers, "message-id") ?? "";
  const withoutBcc = withoutHeader(identified, "bcc");
  for (const [mailbox, address] of mailboxes) {
    if (mailbox === sender) continue;
    const raw = withHeadersOnTop(withoutBcc, deliveryHeaders(world, address));
    addMessage(mailbox, world, {
      raw,
      labels: ["UNREAD", "CATEGORY_PERSONAL", "INBOX"],
      internalDate: world.clock().getTime(),
    });
  }
  if (outside.length > 0) {
    const mail = { from: sender.address, recipients: outside, internetMessageId, mime: new Uint8Array(withoutBcc) };
    world.outside.push({ ...mail, at: world.clock() });
  }
  world.undeliverable.push(...undeliverable);
  return sent;
}

function putSent(world: World, sender: Mailbox, raw: Buffer, toOneself: boolean, options: SendOptions): StoredMessage {
  const labels = toOneself ? ["UNREAD", "SENT", "INBOX"] : ["SENT"];
  const message = {
    raw,
    internalDate: world.clock().getTime(),
    ...(options.threadId === undefined ? {} : { threadId: options.threadId }),
  };
  if (options.appears !== "relabelled") return addMessage(sender, world, { ...message, labels });
  const draft = addMessage(sender, world, { ...message, labels: ["DRAFT"] });
  relabel(sender, world, draft, { add: labels, remove: ["DRAFT"] });
  return draft;
}

/** Sends a draft: its message goes, and a new one with another id appears (Gmail's guide on drafts). */
export function sendDraft(world: World, sender: Mailbox, draftId: string, draft: StoredMessage): StoredMessage {
  const sent = sendMessage(world, sender, draft.raw, { threadId: draft.threadId });
  sender.drafts.delete(draftId);
  removeMessage(sender, world, draft.id);
  return sent;
}

interface Routes {
  /** With the address that led there. */
  readonly mailboxes: ReadonlyMap<Mailbox, string>;
  readonly outside: readonly string[];
  readonly undeliverable: readonly string[];
}

function route(world: World, envelope: ReadonlySet<string>): Routes {
  const addresses = [...envelope].flatMap((address) => {
    const group = findGroup(world.people, address);
    if (group === undefined) return [address];
    return derivedMembers(world.people, group).filter((member) => findGroup(world.people, member) === undefined);
  });
  const mailboxes = new Map<Mailbox, string>();
  const outside = new Set<string>();
  const undeliverable = new Set<string>();
  for (const address of addresses) {
    const person = findPerson(world.people, address) ?? findPerson(world.people, withoutPlusTag(address));
    const mailbox = person === undefined ? undefined : usableMailbox(world, person.address);
    const isOwn = person !== undefined || world.domains.includes(address.slice(address.lastIndexOf("@") + 1));
    if (mailbox !== undefined) mailboxes.set(mailbox, mailboxes.get(mailbox) ?? address);
    else (isOwn ? undeliverable : outside).add(address);
  }
  return { mailboxes, outside: [...outside], undeliverable: [...undeliverable] };
}

function withMessageId(world: World, mime: Buffer): Buffer {
  const has = headerValue(readHeaders(mime), "message-id") !== null;
  if (has && !world.behaviour.rewriteMessageId) return mime;
  const fresh = `Message-ID: <CA+${randomBytes(24).toString("base64url")}@mail.gmail.com>`;
  return withHeadersOnTop(has ? withoutHeader(mime, "message-id") : mime, [fresh]);
}

function deliveryHeaders(world: World, address: string): readonly string[] {
  const stamp = world.clock().toUTCString().replace("GMT", "+0000");
  return [
    `Delivered-To: ${address}`,
    `Received: by 127.0.0.1 with SMTP id ${randomBytes(8).toString("hex")}; ${stamp}`,
  ];
}
