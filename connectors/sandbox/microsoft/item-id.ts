import { randomBytes } from "node:crypto";

// Lengths and alphabets are like Exchange's: base64url with padding, so a client that forgets to escape `=` is noticed.

/** Random bytes are drawn in large pieces: a busy tenant makes several ids for every message. */
const poolBytes = 65_536;
let pool = Buffer.alloc(0);
let used = 0;

function randomText(bytes: number, encoding: "base64url" | "base64"): string {
  if (used + bytes > pool.length) {
    pool = randomBytes(poolBytes);
    used = 0;
  }
  used += bytes;
  return pool.toString(encoding, used - bytes, used);
}

/** A default id: changes whenever the item moves. */
export function newRestId(): string {
  return `AAMkAD${randomText(84, "base64url")}=`;
}

/** An immutable id: stays while the item is in the same mailbox. */
export function newImmutableId(): string {
  return `AAkALgAAAAAAHYQD${randomText(57, "base64url")}=`;
}

/** Folder ids are constant in both forms. */
export function newFolderId(): string {
  return `AQMkAD${randomText(54, "base64url")}==`;
}

/** A change key (ETag): new with every change of the item. */
export function newChangeKey(): string {
  return randomText(12, "base64");
}
