import { newFolderId } from "./item-id.ts";

export interface Folder {
  readonly id: string;
  displayName: string;
  readonly parentId: string | null;
  readonly isHidden: boolean;
  /** Well-known name in lower case, null for a folder that somebody made. */
  readonly wellKnown: string | null;
}

/** Well-known name → display name and parent (mailFolder resource type). */
const wellKnownFolders: readonly (readonly [name: string, displayName: string, parent: string | null])[] = [
  ["msgfolderroot", "Top of Information Store", null],
  ["recoverableitemsroot", "Recoverable Items", null],
  ["inbox", "Inbox", "msgfolderroot"],
  ["drafts", "Drafts", "msgfolderroot"],
  ["outbox", "Outbox", "msgfolderroot"],
  ["sentitems", "Sent Items", "msgfolderroot"],
  ["deleteditems", "Deleted Items", "msgfolderroot"],
  ["junkemail", "Junk Email", "msgfolderroot"],
  ["archive", "Archive", "msgfolderroot"],
  ["recoverableitemsdeletions", "Deletions", "recoverableitemsroot"],
  ["recoverableitemspurges", "Purges", "recoverableitemsroot"],
];

/** The folders that every mailbox is born with, by id. */
export function standardFolders(): Map<string, Folder> {
  const idOf = new Map(wellKnownFolders.map(([name]) => [name, newFolderId()]));
  return new Map(
    wellKnownFolders.map(([name, displayName, parent]) => {
      const id = idOf.get(name) ?? "";
      const parentId = parent === null ? null : (idOf.get(parent) ?? null);
      return [id, { id, displayName, parentId, isHidden: false, wellKnown: name }];
    }),
  );
}

/** Finds a folder by id (case-sensitive) or well-known name (any case). */
export function findFolder(folders: ReadonlyMap<string, Folder>, idOrName: string): Folder | undefined {
  const byId = folders.get(idOrName);
  if (byId) return byId;
  const name = idOrName.toLowerCase();
  for (const folder of folders.values()) if (folder.wellKnown === name) return folder;
  return undefined;
}
