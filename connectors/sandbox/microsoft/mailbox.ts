import { type Folder, findFolder, standardFolders } from "./folders.ts";
import { folderNotFound, GraphError, itemNotFound } from "./graph-error.ts";
import type { Item } from "./item.ts";
import { newChangeKey, newFolderId, newImmutableId, newRestId } from "./item-id.ts";

export type ChangeKind = "entered" | "updated" | "left";

/** One line of a mailbox's history: what delta queries read and notifications are made of. */
export interface Change {
  /** Rises by one with every change of the mailbox. */
  readonly seq: number;
  readonly kind: ChangeKind;
  readonly folderId: string;
  readonly key: string;
  /** The default id that the item had in that folder. */
  readonly restId: string;
}

export interface Mailbox {
  readonly ownerId: string;
  readonly folders: Map<string, Folder>;
  /** By immutable id. */
  readonly items: Map<string, Item>;
  /** By present default id. */
  readonly restIds: Map<string, Item>;
  readonly history: Change[];
  readonly masterCategories: Map<string, { readonly id: string; readonly displayName: string; color: string }>;
  readonly now: () => Date;
  readonly onChange: (mailbox: Mailbox, change: Change) => void;
}

export function createMailbox(
  ownerId: string,
  now: () => Date,
  onChange: (mailbox: Mailbox, change: Change) => void,
): Mailbox {
  return {
    ownerId,
    folders: standardFolders(),
    items: new Map(),
    restIds: new Map(),
    history: [],
    masterCategories: new Map(),
    now,
    onChange,
  };
}

/** A folder by id or well-known name. @throws GraphError ErrorFolderNotFound. */
export function folderOf(mailbox: Mailbox, idOrName: string): Folder {
  const folder = findFolder(mailbox.folders, idOrName);
  if (!folder) throw folderNotFound();
  return folder;
}

/** An item by its immutable or its present default id, both case-sensitive. @throws GraphError ErrorItemNotFound. */
export function itemOf(mailbox: Mailbox, id: string): Item {
  const item = mailbox.items.get(id) ?? mailbox.restIds.get(id);
  if (!item || inFolder(mailbox, item, "recoverableitemspurges")) throw itemNotFound();
  return item;
}

export function inFolder(mailbox: Mailbox, item: Item, idOrName: string): boolean {
  return item.folderId === findFolder(mailbox.folders, idOrName)?.id;
}

/** Everything but `mime` and `folder` has the value that a new unread message has. */
export type NewItem = { readonly mime: Buffer; readonly folder: string } & Partial<
  Pick<Item, "isDraft" | "isRead" | "categories" | "importance" | "hiddenBcc" | "cloudFiles" | "sentAt" | "receivedAt">
> & { readonly key?: string; readonly properties?: ReadonlyMap<string, string>; readonly conversationId?: string };

export function addItem(mailbox: Mailbox, given: NewItem): Item {
  const at = mailbox.now();
  const item: Item = {
    key: given.key ?? newImmutableId(),
    restId: newRestId(),
    folderId: folderOf(mailbox, given.folder).id,
    mime: given.mime,
    hiddenBcc: given.hiddenBcc ?? [],
    cloudFiles: given.cloudFiles ?? [],
    isDraft: given.isDraft ?? false,
    isRead: given.isRead ?? false,
    categories: given.categories ?? [],
    importance: given.importance ?? "normal",
    flagStatus: "notFlagged",
    inferenceClassification: "focused",
    properties: new Map(given.properties ?? []),
    conversationId: given.conversationId ?? newRestId(),
    createdAt: at,
    modifiedAt: at,
    receivedAt: given.receivedAt ?? at,
    sentAt: given.sentAt === undefined ? at : given.sentAt,
    changeKey: newChangeKey(),
  };
  mailbox.items.set(item.key, item);
  mailbox.restIds.set(item.restId, item);
  note(mailbox, "entered", item);
  return item;
}

/** Changes an item in place and tells everybody who watches its folder. */
export function updateItem(mailbox: Mailbox, item: Item, change: (item: Item) => void): void {
  change(item);
  touch(mailbox, item);
  note(mailbox, "updated", item);
}

/** Copy and delete, as Exchange does it: the immutable id stays, the default id does not. */
export function moveItem(mailbox: Mailbox, item: Item, folder: string): Item {
  const target = folderOf(mailbox, folder);
  note(mailbox, "left", item);
  mailbox.restIds.delete(item.restId);
  item.folderId = target.id;
  item.restId = newRestId();
  mailbox.restIds.set(item.restId, item);
  touch(mailbox, item);
  note(mailbox, "entered", item);
  return item;
}

export function copyItem(mailbox: Mailbox, item: Item, folder: string): Item {
  return addItem(mailbox, {
    ...item,
    folder,
    key: newImmutableId(),
    properties: item.properties,
  });
}

/** The item is gone for every client; its bytes remain in Purges, as under a hold. */
export function purgeItem(mailbox: Mailbox, item: Item): void {
  moveItem(mailbox, item, "recoverableitemspurges");
}

/** The item vanishes without trace, as when the store turns a draft into a sent message with another id. */
export function dropItem(mailbox: Mailbox, item: Item): void {
  mailbox.items.delete(item.key);
  mailbox.restIds.delete(item.restId);
  note(mailbox, "left", item);
}

export function itemsIn(mailbox: Mailbox, folderId: string): readonly Item[] {
  return [...mailbox.items.values()].filter((item) => item.folderId === folderId);
}

/** @throws GraphError ErrorFolderExists when the parent has a folder of that name. */
export function addFolder(
  mailbox: Mailbox,
  folder: { readonly displayName: string; readonly parent: string; readonly isHidden: boolean },
): Folder {
  const parentId = folderOf(mailbox, folder.parent).id;
  const name = folder.displayName.toLowerCase();
  for (const other of mailbox.folders.values()) {
    if (other.parentId === parentId && other.displayName.toLowerCase() === name) {
      throw new GraphError(409, "ErrorFolderExists", "A folder with the specified name already exists.");
    }
  }
  const made: Folder = {
    id: newFolderId(),
    displayName: folder.displayName,
    parentId,
    isHidden: folder.isHidden,
    wellKnown: null,
  };
  mailbox.folders.set(made.id, made);
  return made;
}

function touch(mailbox: Mailbox, item: Item): void {
  item.modifiedAt = mailbox.now();
  item.changeKey = newChangeKey();
}

function note(mailbox: Mailbox, kind: ChangeKind, item: Item): void {
  const seq = mailbox.history.length + 1;
  const change: Change = { seq, kind, folderId: item.folderId, key: item.key, restId: item.restId };
  mailbox.history.push(change);
  mailbox.onChange(mailbox, change);
}
