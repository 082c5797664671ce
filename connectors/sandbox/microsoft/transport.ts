import { randomUUID } from "node:crypto";
import { withHeader, withoutHeader } from "../mime/headers.ts";
import { headOf, type Item } from "./item.ts";
import { addItem, dropItem, inFolder, type Mailbox, moveItem, purgeItem } from "./mailbox.ts";
import { propertyValue } from "./message-json.ts";
import { expandGroup, findGroup, findRecipient, isInternal, type Tenant } from "./tenant.ts";

/** Headers that carry a message's id inside the tenant; message trace and Defender name it too. */
const networkIdHeader = "X-MS-Exchange-Organization-Network-Message-Id";

export interface Envelope {
  readonly from: string;
  readonly mime: Buffer;
  readonly bcc: readonly string[];
}

/** Delivers a message to every recipient once: inside to the Inbox, outside to `tenant.outside`. */
function deliver(tenant: Tenant, envelope: Envelope): void {
  const head = headOf(envelope.mime);
  const networkMessageId = randomUUID();
  const clean = withoutHeader(envelope.mime, "bcc");
  const inside = Buffer.from(withHeader(clean, networkIdHeader, networkMessageId));
  const outside = Buffer.from(clean);
  const at = tenant.now();
  for (const to of recipientsOf(tenant, envelope)) {
    const user = findRecipient(tenant, to);
    const mailbox = user?.usable ? tenant.mailboxes.get(user.id) : undefined;
    if (mailbox) addItem(mailbox, { mime: inside, folder: "inbox" });
    else if (!isInternal(tenant, to)) {
      const { internetMessageId } = head;
      tenant.outside.push({ from: envelope.from, to, mime: outside, internetMessageId, at });
    }
    tenant.traces.push({
      id: randomUUID(),
      from: envelope.from,
      to,
      subject: head.subject,
      internetMessageId: head.internetMessageId,
      networkMessageId,
      size: inside.length,
      at,
    });
  }
}

/** To, Cc, Bcc and hidden Bcc, groups expanded, each address once in lower case. */
export function recipientsOf(tenant: Tenant, envelope: Omit<Envelope, "from">): ReadonlySet<string> {
  const { to, cc, bcc } = headOf(envelope.mime);
  const addresses = [...to, ...cc, ...bcc].map((one) => one.address).concat(envelope.bcc);
  const recipients = new Set<string>();
  for (const address of addresses) {
    const group = findGroup(tenant, address);
    if (group) for (const member of expandGroup(tenant, group)) recipients.add(member);
    else recipients.add(findRecipient(tenant, address)?.address ?? address.toLowerCase());
  }
  return recipients;
}

/**
 * Takes the delivered copies back inside the tenant, as cloud recall does: hard deletion wherever in the recipient's
 * mailbox the copy lies. Recipients outside keep theirs. The sender gets a report.
 */
export function recallCopies(tenant: Tenant, envelope: Envelope): void {
  const { internetMessageId, subject } = headOf(envelope.mime);
  const outcome: string[] = [];
  for (const to of recipientsOf(tenant, envelope)) {
    const user = findRecipient(tenant, to);
    const mailbox = user && tenant.mailboxes.get(user.id);
    if (!mailbox) {
      outcome.push(`${to}: failed`);
      continue;
    }
    const copies = [...mailbox.items.values()].filter(
      (item) =>
        internetMessageId !== null &&
        headOf(item.mime).internetMessageId === internetMessageId &&
        !inFolder(mailbox, item, "sentitems") &&
        !inFolder(mailbox, item, "recoverableitemspurges"),
    );
    const taken = copies.filter((item) => tenant.quirks.recallReadMessages || !item.isRead);
    for (const item of taken) purgeItem(mailbox, item);
    outcome.push(`${to}: ${taken.length > 0 ? "recalled" : "failed"}`);
  }
  const sender = findRecipient(tenant, envelope.from);
  const home = sender && tenant.mailboxes.get(sender.id);
  if (!home) return;
  const report = [
    "From: Microsoft Outlook <postmaster@recall.invalid>",
    `To: ${envelope.from}`,
    `Subject: Message Recall Report: ${subject.replace(/[^\x20-\x7e]/g, "?")}`,
    `Message-ID: <${randomUUID()}@recall.invalid>`,
    "Auto-Submitted: auto-generated",
    "Content-Type: text/plain; charset=us-ascii",
    "",
    ...outcome,
    "",
  ];
  addItem(home, { mime: Buffer.from(report.join("\r\n")), folder: "inbox" });
}

/** PidTagDeferredSendTime as an extended property of a draft. */
const deferredSendTime = "SystemTime 0x3FEF";

/**
 * Sends a draft, or lets it wait in Drafts until its deferred send time; deleting or moving it away cancels the sending.
 * A time that is past sends at once.
 */
export function submitDraft(tenant: Tenant, mailbox: Mailbox, draft: Item): void {
  const until = new Date(propertyValue(draft, deferredSendTime) ?? 0).getTime();
  const waiting = until - tenant.now().getTime();
  const send = () => {
    if (mailbox.items.get(draft.key) !== draft || !inFolder(mailbox, draft, "drafts")) return;
    const from = tenant.users.get(mailbox.ownerId)?.address ?? "";
    const { mime, hiddenBcc: bcc, key: draftKey } = draft;
    submit(tenant, mailbox.ownerId, { from, mime, bcc, saveToSentItems: true, draftKey });
  };
  if (waiting > 0) tenant.later(waiting, send);
  else send();
}

/** How a client hands its message over. */
export interface Sending extends Envelope {
  readonly saveToSentItems: boolean;
  /** A draft that is already in the mailbox and becomes the sent message. */
  readonly draftKey?: string;
  /** Classic clients: the message lies in the Outbox for a moment. */
  readonly viaOutbox?: boolean;
}

/**
 * Sends in the documented order: transport has its own copy before the store shows the message in Sent Items, so nothing
 * done to that copy can stop the delivery.
 * @returns the immutable id of the copy in Sent Items, null when none was kept.
 */
export function submit(tenant: Tenant, mailboxId: string, sending: Sending): string | null {
  const mailbox = tenant.mailboxes.get(mailboxId);
  if (!mailbox) throw new Error("The sender has no mailbox");
  const draft = sending.draftKey === undefined ? undefined : mailbox.items.get(sending.draftKey);
  const keep = {
    mime: sending.mime,
    hiddenBcc: sending.bcc,
    isRead: true,
    ...(draft ? { conversationId: draft.conversationId, properties: draft.properties } : {}),
    ...(draft ? { categories: draft.categories, importance: draft.importance } : {}),
  };
  let kept: string | null = null;
  if (draft && sending.saveToSentItems && tenant.quirks.sentKeepsDraftId) {
    const at = tenant.now();
    Object.assign(draft, { isDraft: false, isRead: true, sentAt: at, receivedAt: at });
    kept = moveItem(mailbox, draft, "sentitems").key;
  } else {
    if (draft) dropItem(mailbox, draft);
    if (sending.saveToSentItems) {
      const first = addItem(mailbox, { ...keep, folder: sending.viaOutbox ? "outbox" : "sentitems" });
      kept = sending.viaOutbox ? moveItem(mailbox, first, "sentitems").key : first.key;
    }
  }
  deliver(tenant, sending);
  return kept;
}
