import { GraphError } from "./graph-error.ts";
import { headOf, type Item } from "./item.ts";
import {
  addFolder,
  addItem,
  dropItem,
  folderOf,
  itemOf,
  itemsIn,
  type Mailbox,
  moveItem,
  purgeItem,
  updateItem,
} from "./mailbox.ts";
import type { Notifier } from "./notifier.ts";
import { announceLifecycle, type LifecycleEvent, type Subscription, type Subscriptions } from "./subscriptions.ts";
import { dropUser, mailboxOf, putGroup, putUser, renameUser, type Tenant, type UserGiven, userOf } from "./tenant.ts";
import { recallCopies, submit } from "./transport.ts";

/** A message as a test looks at it. */
export interface StoredMessage {
  /** Immutable id. */
  readonly id: string;
  /** Present default id. */
  readonly restId: string;
  readonly internetMessageId: string | null;
  readonly subject: string;
  /** Well-known name or display name. */
  readonly folder: string;
  readonly mime: Buffer;
  readonly categories: readonly string[];
  readonly isRead: boolean;
  readonly isDraft: boolean;
  readonly properties: ReadonlyMap<string, string>;
  readonly changeKey: string;
}

export interface SendOptions {
  /** Recipients that stand in no header. */
  readonly bcc?: readonly string[];
  /** True when left out. */
  readonly saveToSentItems?: boolean;
  /** The message lies in the Outbox for a moment, as with classic clients. */
  readonly viaOutbox?: boolean;
  /** The message was an autosaved draft before. */
  readonly viaDraft?: boolean;
}

/** What people and administrators do, seen from outside Graph. */
export interface Actions {
  addUser(user: UserGiven): void;
  removeUser(address: string): void;
  /** Gives a user another primary address. */
  renameUser(from: string, to: string): void;
  addGroup(group: {
    readonly address: string;
    readonly displayName?: string;
    readonly members: readonly string[];
  }): void;
  /**
   * A person sends mail from a client: the copy appears in Sent Items, the mail is delivered inside and outside, and
   * notifications go out. `messageId` is the immutable id of the kept copy, null when none was kept.
   */
  send(
    from: string,
    mime: Uint8Array,
    options?: SendOptions,
  ): Promise<{ readonly messageId: string | null; readonly internetMessageId: string | null }>;
  /** A client saves a draft: a new one, or `id` again with other content. */
  saveDraft(owner: string, mime: Uint8Array, id?: string): { readonly messageId: string };
  /** A person sends a saved draft as it is. */
  sendDraft(owner: string, id: string, options?: Omit<SendOptions, "viaDraft">): { readonly messageId: string | null };
  /** Puts a message into a folder without sending anything, as an import does. */
  put(
    owner: string,
    folder: string,
    mime: Uint8Array,
    options?: { readonly receivedAt?: Date; readonly isRead?: boolean },
  ): { readonly messageId: string };
  /** Messages of a mailbox, of one folder (id, well-known name or display name) or of all but Purges. */
  messages(owner: string, folder?: string): readonly StoredMessage[];
  move(owner: string, id: string, folder: string): void;
  /** A person deletes a message and brings it back: same content, other ids. @returns the new immutable id. */
  deleteAndRestore(owner: string, id: string): { readonly messageId: string };
  setRead(owner: string, id: string, isRead: boolean): void;
  erase(owner: string, id: string): void;
  /** The message links to a file in the cloud, as Outlook does when a file of OneDrive is attached. */
  attachCloudFile(owner: string, id: string, name: string): void;
  createFolder(owner: string, displayName: string): void;
  recall(from: string, mime: Uint8Array): void;
  readonly subscriptions: ReadonlyMap<string, Subscription>;
  /** Sends a lifecycle notification for one subscription, or for all. */
  lifecycle(event: LifecycleEvent, subscriptionId?: string): void;
  /** The service drops a subscription, with or without saying so. */
  removeSubscription(id: string, options?: { readonly silently?: boolean }): void;
}

export function createActions(tenant: Tenant, subscriptions: Subscriptions, notifier: Notifier): Actions {
  const at = (owner: string, id: string): { readonly mailbox: Mailbox; readonly item: Item } => {
    const mailbox = mailboxOf(tenant, owner);
    return { mailbox, item: itemOf(mailbox, id) };
  };
  const saveDraft: Actions["saveDraft"] = (owner, mime, id) => {
    const mailbox = mailboxOf(tenant, owner);
    const bytes = Buffer.from(mime);
    if (id === undefined) {
      return {
        messageId: addItem(mailbox, { mime: bytes, folder: "drafts", isDraft: true, isRead: true, sentAt: null }).key,
      };
    }
    const item = itemOf(mailbox, id);
    updateItem(mailbox, item, () => Object.assign(item, { mime: bytes }));
    return { messageId: item.key };
  };
  const submitAs = (from: string, mime: Buffer, options: SendOptions, draftKey?: string) => {
    const { bcc = [], saveToSentItems = true, viaOutbox = false } = options;
    const { id, address } = userOf(tenant, from);
    const draft = draftKey === undefined ? {} : { draftKey };
    return submit(tenant, id, { from: address, mime, bcc, saveToSentItems, viaOutbox, ...draft });
  };
  return {
    addUser: (user) => void putUser(tenant, user),
    removeUser: (address) => dropUser(tenant, address),
    renameUser: (from, to) => renameUser(tenant, from, to),
    addGroup: (group) => void putGroup(tenant, group),
    send: (from, mime, options = {}) => {
      const bytes = Buffer.from(mime);
      const draftKey = options.viaDraft ? saveDraft(from, bytes).messageId : undefined;
      const messageId = submitAs(from, bytes, options, draftKey);
      return Promise.resolve({ messageId, internetMessageId: headOf(bytes).internetMessageId });
    },
    saveDraft,
    sendDraft: (owner, id, options = {}) => {
      const { item } = at(owner, id);
      return { messageId: submitAs(owner, item.mime, { bcc: item.hiddenBcc, ...options }, item.key) };
    },
    put: (owner, folder, mime, options = {}) => {
      const mailbox = mailboxOf(tenant, owner);
      return {
        messageId: addItem(mailbox, { mime: Buffer.from(mime), folder: folderNamed(mailbox, folder), ...options }).key,
      };
    },
    messages: (owner, folder) => {
      const mailbox = mailboxOf(tenant, owner);
      if (folder !== undefined)
        return itemsIn(mailbox, folderNamed(mailbox, folder)).map((item) => view(mailbox, item));
      const purges = folderOf(mailbox, "recoverableitemspurges").id;
      return [...mailbox.items.values()].filter((item) => item.folderId !== purges).map((item) => view(mailbox, item));
    },
    move: (owner, id, folder) => {
      const { mailbox, item } = at(owner, id);
      moveItem(mailbox, item, folderNamed(mailbox, folder));
    },
    deleteAndRestore: (owner, id) => {
      const { mailbox, item } = at(owner, id);
      const { mime, hiddenBcc, folderId, isRead, sentAt, receivedAt } = item;
      moveItem(mailbox, item, "deleteditems");
      dropItem(mailbox, item);
      return { messageId: addItem(mailbox, { mime, hiddenBcc, folder: folderId, isRead, sentAt, receivedAt }).key };
    },
    setRead: (owner, id, isRead) => {
      const { mailbox, item } = at(owner, id);
      updateItem(mailbox, item, () => Object.assign(item, { isRead }));
    },
    erase: (owner, id) => {
      const { mailbox, item } = at(owner, id);
      purgeItem(mailbox, item);
    },
    attachCloudFile: (owner, id, name) => {
      const { mailbox, item } = at(owner, id);
      updateItem(mailbox, item, () => Object.assign(item, { cloudFiles: [...item.cloudFiles, name] }));
    },
    createFolder: (owner, displayName) => {
      addFolder(mailboxOf(tenant, owner), { displayName, parent: "msgfolderroot", isHidden: false });
    },
    recall: (from, mime) =>
      recallCopies(tenant, { from: userOf(tenant, from).address, mime: Buffer.from(mime), bcc: [] }),
    subscriptions: subscriptions.all,
    lifecycle: (event, subscriptionId) => {
      for (const subscription of subscriptions.all.values()) {
        if (subscriptionId === undefined || subscription.id === subscriptionId) {
          announceLifecycle(tenant, notifier, subscription, event);
        }
      }
    },
    removeSubscription: (id, options = {}) => {
      const subscription = subscriptions.all.get(id);
      if (!subscription) throw new GraphError(404, "ResourceNotFound", "There is no such subscription.");
      subscriptions.remove(subscription);
      if (!options.silently) announceLifecycle(tenant, notifier, subscription, "subscriptionRemoved");
    },
  };
}

function folderNamed(mailbox: Mailbox, name: string): string {
  const named = [...mailbox.folders.values()].find((folder) => folder.displayName.toLowerCase() === name.toLowerCase());
  return named?.id ?? folderOf(mailbox, name).id;
}

function view(mailbox: Mailbox, item: Item): StoredMessage {
  const { internetMessageId, subject } = headOf(item.mime);
  const folder = mailbox.folders.get(item.folderId);
  return {
    id: item.key,
    restId: item.restId,
    internetMessageId,
    subject,
    folder: folder?.wellKnown ?? folder?.displayName ?? "",
    mime: item.mime,
    categories: item.categories,
    isRead: item.isRead,
    isDraft: item.isDraft,
    properties: item.properties,
    changeKey: item.changeKey,
  };
}
