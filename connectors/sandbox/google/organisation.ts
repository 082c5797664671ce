import { type SendOptions, sendDraft, sendMessage } from "./mail/delivery.ts";
import { deleteDraft, getDraft, saveDraft } from "./mail/drafts.ts";
import { headerValue } from "./mail/headers.ts";
import { addMessage, expireHistory, type Mailbox, type StoredMessage } from "./mail/mailbox.ts";
import { findPerson } from "./people.ts";
import { addPerson, type World } from "./world.ts";

export interface NewUser {
  readonly address: string;
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly manager?: string;
  readonly language?: string;
  readonly suspended?: boolean;
  readonly isMailboxSetup?: boolean;
  readonly isAdmin?: boolean;
  /** Path of the organisational unit; default `/`. */
  readonly unit?: string;
}

export interface NewGroup {
  readonly address: string;
  readonly members: readonly string[];
  readonly aliases?: readonly string[];
  readonly name?: string;
}

/** A message as the sandbox's owner sees it. */
export interface MessageSnapshot {
  readonly id: string;
  readonly threadId: string;
  readonly labels: readonly string[];
  readonly internetMessageId: string;
  readonly subject: string;
  readonly internalDate: Date;
  readonly mime: Uint8Array;
}

export interface Placed {
  readonly id: string;
  readonly threadId: string;
  /** As in the sender's copy; empty when it has none. */
  readonly internetMessageId: string;
}

/** People, groups and their mail, handled from outside the APIs, as people and their mail programs do. */
export interface Organisation {
  addUser(user: NewUser): void;
  /** Changes what an administrator changes. */
  updateUser(
    address: string,
    change: { readonly suspended?: boolean; readonly isMailboxSetup?: boolean; readonly unit?: string },
  ): void;
  /** Deletes the user with the mailbox. */
  removeUser(address: string): void;
  addGroup(group: NewGroup): void;
  /** A person sends: SENT copy, deliveries to internal mailboxes, `outside` for the rest. */
  send(from: string, mime: Uint8Array, options?: SendOptions): Promise<Placed>;
  /** Puts bytes into a mailbox as they are, for instance a bounce or a mail without Message-ID. Default label INBOX. */
  deposit(
    mailbox: string,
    mime: Uint8Array,
    options?: { readonly labels?: readonly string[]; readonly at?: Date },
  ): Placed;
  /** Autosave: the message id is new each time; give the draft's id to save it again. */
  saveDraft(
    from: string,
    mime: Uint8Array,
    options?: { readonly draftId?: string },
  ): Placed & { readonly draftId: string };
  /** A person throws a draft away. */
  discardDraft(from: string, draftId: string): void;
  /** A person sends a draft: it vanishes, and a message with another id appears. */
  sendDraft(from: string, draftId: string): Placed;
  /** What is in a mailbox, oldest first. */
  messages(mailbox: string, filter?: { readonly label?: string }): readonly MessageSnapshot[];
  /** What only Vault sees. */
  vault(mailbox: string): readonly MessageSnapshot[];
  /** Names of a mailbox's own labels by id. */
  labels(mailbox: string): ReadonlyMap<string, string>;
  historyId(mailbox: string): string;
  /** Forgets a mailbox's history up to an id (default: all of it): an older start id answers 404. */
  expireHistory(mailbox: string, before?: string): void;
  /** Ends a mailbox's watch without telling anybody. */
  expireWatch(mailbox: string): void;
  /** The watch of a mailbox; null without one. */
  watchOf(
    mailbox: string,
  ): { readonly topic: string; readonly labelIds: readonly string[]; readonly expiresAt: Date } | null;
}

export function createOrganisation(world: World): Organisation {
  const mailboxOf = (address: string): Mailbox => {
    const person = findPerson(world.people, address);
    const mailbox = person === undefined ? undefined : world.mailboxes.get(person.address);
    if (mailbox === undefined) throw new Error(`The sandbox has nobody with the address ${address}`);
    return mailbox;
  };
  return {
    addUser: (user) => addUser(world, user),
    updateUser(address, change) {
      const person = findPerson(world.people, mailboxOf(address).address);
      Object.assign(person ?? {}, change);
    },
    removeUser(address) {
      const { address: primary } = mailboxOf(address);
      world.people.persons.delete(primary);
      world.mailboxes.delete(primary);
    },
    addGroup: (group) => addGroup(world, group),
    send: async (from, mime, options) => placed(sendMessage(world, mailboxOf(from), Buffer.from(mime), options)),
    deposit(address, mime, { labels = ["INBOX"], at = world.clock() } = {}) {
      const message = { raw: Buffer.from(mime), labels, internalDate: at.getTime() };
      return placed(addMessage(mailboxOf(address), world, message));
    },
    saveDraft(from, mime, options) {
      const draft = saveDraft(world, mailboxOf(from), Buffer.from(mime), options);
      return { draftId: draft.id, ...placed(draft.message) };
    },
    discardDraft: (from, draftId) => deleteDraft(world, mailboxOf(from), draftId),
    sendDraft(from, draftId) {
      const { message } = getDraft(mailboxOf(from), draftId);
      return placed(sendDraft(world, mailboxOf(from), draftId, message));
    },
    messages: (address, { label } = {}) =>
      [...mailboxOf(address).messages.values()]
        .filter((message) => label === undefined || message.labels.has(label))
        .map(snapshot),
    vault: (address) => mailboxOf(address).vault.map(snapshot),
    labels: (address) => new Map([...mailboxOf(address).labels.values()].map(({ id, name }) => [id, name])),
    historyId: (address) => `${mailboxOf(address).historyId}`,
    expireHistory(address, before) {
      const mailbox = mailboxOf(address);
      expireHistory(mailbox, before === undefined ? mailbox.historyId : BigInt(before));
    },
    expireWatch(address) {
      mailboxOf(address).watch = null;
    },
    watchOf: (address) => mailboxOf(address).watch,
  };
}

function addUser(world: World, user: NewUser): void {
  const {
    aliases = [],
    manager = null,
    language = null,
    suspended = false,
    isMailboxSetup = true,
    isAdmin = false,
    unit = "/",
  } = user;
  addPerson(world, {
    address: user.address.toLowerCase(),
    name: user.name,
    aliases: aliases.map((alias) => alias.toLowerCase()),
    manager,
    language,
    unit,
    suspended,
    isMailboxSetup,
    isAdmin,
  });
}

function addGroup(world: World, { address, members, aliases = [], name = address }: NewGroup): void {
  const lower = address.toLowerCase();
  const id = `0${(world.people.groups.size + 1).toString(36).padStart(14, "0")}`;
  world.people.groups.set(lower, {
    id,
    address: lower,
    name,
    aliases: aliases.map((alias) => alias.toLowerCase()),
    members: members.map((member) => member.toLowerCase()),
  });
}

function placed(message: StoredMessage): Placed {
  const internetMessageId = headerValue(message.headers, "message-id") ?? "";
  return { id: message.id, threadId: message.threadId, internetMessageId };
}

function snapshot(message: StoredMessage): MessageSnapshot {
  return {
    ...placed(message),
    labels: [...message.labels],
    subject: headerValue(message.headers, "subject") ?? "",
    internalDate: new Date(message.internalDate),
    mime: new Uint8Array(message.raw),
  };
}
