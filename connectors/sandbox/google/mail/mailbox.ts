import { type HeaderField, headerValue, readHeaders } from "./headers.ts";
import type { ChangeKind, HistoryRecord } from "./history.ts";
import type { UserLabel } from "./labels.ts";

export interface StoredMessage {
  readonly id: string;
  readonly threadId: string;
  readonly raw: Buffer;
  readonly headers: readonly HeaderField[];
  /** Epoch milliseconds. */
  readonly internalDate: number;
  readonly labels: Set<string>;
  /** Place in the order of all changes of the sandbox, for the lag switches. */
  readonly sequence: number;
  /** Last history record that touched it. */
  historyId: bigint;
}

/** A registration made by `users.watch`. */
export interface MailboxWatch {
  readonly topic: string;
  readonly labelIds: readonly string[];
  readonly behaviour: "include" | "exclude" | null;
  readonly expiresAt: Date;
}

export interface Mailbox {
  readonly address: string;
  readonly messages: Map<string, StoredMessage>;
  /** Inserted with `deleted=true`: seen by Vault only. */
  readonly vault: StoredMessage[];
  readonly labels: Map<string, UserLabel>;
  /** Draft id to message id. */
  readonly drafts: Map<string, string>;
  history: HistoryRecord[];
  historyId: bigint;
  /** The oldest start id that `history.list` still accepts. */
  horizon: bigint;
  watch: MailboxWatch | null;
}

/** What a mailbox needs of the world around it. */
export interface MailboxSurroundings {
  /** Rises with each change anywhere in the sandbox. */
  nextSequence(): number;
  /** A new 64-bit id, hexadecimal. */
  newId(): string;
  changed(mailbox: Mailbox, record: HistoryRecord): void;
}

export interface NewMessage {
  readonly raw: Buffer;
  readonly labels: readonly string[];
  readonly internalDate: number;
  readonly threadId?: string;
}

/** Creates an empty mailbox; ids begin at a number that differs from mailbox to mailbox. */
export function newMailbox(address: string, firstHistoryId: bigint): Mailbox {
  return {
    address,
    messages: new Map(),
    vault: [],
    labels: new Map(),
    drafts: new Map(),
    history: [],
    historyId: firstHistoryId,
    horizon: firstHistoryId,
    watch: null,
  };
}

/** Stores a message and records the change. Joins the thread of the message that it answers. */
export function addMessage(mailbox: Mailbox, around: MailboxSurroundings, message: NewMessage): StoredMessage {
  const stored = storeMessage(mailbox, around, message);
  mailbox.messages.set(stored.id, stored);
  record(mailbox, around, "messageAdded", stored, []);
  return stored;
}

/** Stores a message where only Vault sees it: no history, no listing. */
export function addToVault(mailbox: Mailbox, around: MailboxSurroundings, message: NewMessage): StoredMessage {
  const stored = storeMessage(mailbox, around, message);
  mailbox.vault.push(stored);
  return stored;
}

/** Removes a message for good; nothing happens when it is gone already. */
export function removeMessage(mailbox: Mailbox, around: MailboxSurroundings, id: string): void {
  const message = mailbox.messages.get(id);
  if (message === undefined) return;
  mailbox.messages.delete(id);
  record(mailbox, around, "messageDeleted", message, []);
}

/** Adds and removes labels; only real changes are recorded. */
export function relabel(
  mailbox: Mailbox,
  around: MailboxSurroundings,
  message: StoredMessage,
  change: { readonly add?: readonly string[]; readonly remove?: readonly string[] },
): void {
  const added = (change.add ?? []).filter((label) => !message.labels.has(label));
  const removed = (change.remove ?? []).filter((label) => message.labels.has(label));
  for (const label of added) message.labels.add(label);
  if (added.length > 0) record(mailbox, around, "labelAdded", message, added);
  for (const label of removed) message.labels.delete(label);
  if (removed.length > 0) record(mailbox, around, "labelRemoved", message, removed);
}

/** Forgets history up to and including `before`: an older start id answers 404 from now on. */
export function expireHistory(mailbox: Mailbox, before: bigint): void {
  mailbox.history = mailbox.history.filter((entry) => entry.id > before);
  mailbox.horizon = before;
}

function storeMessage(mailbox: Mailbox, around: MailboxSurroundings, message: NewMessage): StoredMessage {
  const id = around.newId();
  const headers = readHeaders(message.raw);
  return {
    id,
    threadId: message.threadId ?? threadOf(mailbox, headers) ?? id,
    raw: message.raw,
    headers,
    internalDate: message.internalDate,
    labels: new Set(message.labels),
    sequence: around.nextSequence(),
    historyId: mailbox.historyId,
  };
}

function threadOf(mailbox: Mailbox, headers: readonly HeaderField[]): string | undefined {
  const answered = `${headerValue(headers, "references") ?? ""} ${headerValue(headers, "in-reply-to") ?? ""}`;
  const ids = new Set(answered.match(/<[^<>\s]+>/g) ?? []);
  if (ids.size === 0) return undefined;
  for (const message of mailbox.messages.values()) {
    if (ids.has(headerValue(message.headers, "message-id") ?? "")) return message.threadId;
  }
  return undefined;
}

function record(
  mailbox: Mailbox,
  around: MailboxSurroundings,
  kind: ChangeKind,
  message: StoredMessage,
  changed: readonly string[],
): void {
  const sequence = around.nextSequence();
  mailbox.historyId += nextGap(mailbox.historyId);
  message.historyId = mailbox.historyId;
  const entry: HistoryRecord = {
    id: mailbox.historyId,
    sequence,
    kind,
    messageId: message.id,
    threadId: message.threadId,
    labelIds: [...message.labels],
    changed,
  };
  mailbox.history.push(entry);
  around.changed(mailbox, entry);
}

/** 1 to 37, looking random and yet the same in every run. */
function nextGap(historyId: bigint): bigint {
  return 1n + (((historyId * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) >> 8n) % 37n);
}
