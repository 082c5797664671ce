import { PosternError } from "../../src/core/errors.ts";
import type { DirectoryChanges } from "../../src/core/ports.ts";
import { readMailboxesById, USER_FIELDS } from "./directory-mailboxes.ts";
import { linkPath } from "./paths.ts";
import { change } from "./payloads.ts";
import type { Room } from "./room.ts";

/** More changes than this are read with the whole directory: a page of it holds ten times as many. */
const ONE_BY_ONE = 100;

/**
 * `users/delta` (learn.microsoft.com/graph/api/user-delta), as a bell: a changed entry need not be complete, so the
 * people that it names are read anew. Tokens live seven days; an older one answers 410.
 */
export async function readDirectoryChanges(
  room: Room,
  graphUrl: string,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<DirectoryChanges> {
  const call = {
    name: "users-delta",
    lane: "directory",
    ...(cursor === undefined
      ? { path: "/users/delta", query: { $select: `${USER_FIELDS},manager`, $deltatoken: "latest" } }
      : { path: linkPath(cursor.replace(/^\//, ""), graphUrl) }),
  };
  const changed = new Set<string>();
  const gone = new Set<string>();
  let next: string | undefined;
  for await (const page of room.graph.pages(call, change, signal)) {
    for (const line of page.items) (line["@removed"] === undefined ? changed : gone).add(line.id);
    next = page.delta;
  }
  if (next === undefined) {
    throw new PosternError("PROVIDER_UNAVAILABLE", "The delta query ended without a deltaLink", {
      details: { call: "users-delta" },
    });
  }
  const many = changed.size > ONE_BY_ONE;
  const found = many ? [] : await readMailboxesById(room, [...changed], signal);
  // Somebody whose address was taken away has no mailbox any more.
  const known = new Set(found.map(({ userId }) => userId));
  for (const id of many ? [] : changed) if (!known.has(id)) gone.add(id);
  return { cursor: next, mailboxes: found, gone: [...gone].filter((id) => !known.has(id)), many };
}
