import { randomBytes } from "node:crypto";

// Lengths and alphabets are like Exchange's: base64url with padding, so a client that forgets to escape `=` is noticed.

/** A default id: changes whenever the item moves. */
export function newRestId(): string {
  return `AAMkAD${randomBytes(84).toString("base64url")}=`;
}

/** An immutable id: stays while the item is in the same mailbox. */
export function newImmutableId(): string {
  return `AAkALgAAAAAAHYQD${randomBytes(57).toString("base64url")}=`;
}

/** Folder ids are constant in both forms. */
export function newFolderId(): string {
  return `AQMkAD${randomBytes(54).toString("base64url")}==`;
}

/** A change key (ETag): new with every change of the item. */
export function newChangeKey(): string {
  return randomBytes(12).toString("base64");
}
