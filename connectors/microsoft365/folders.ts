import { randomBytes } from "node:crypto";
import { isPosternError, PosternError } from "../../src/core/errors.ts";
import type { GraphClient } from "./client.ts";
import { folderPath, userPath } from "./paths.ts";
import { folder, identified } from "./payloads.ts";

const QUARANTINE = "Postern Quarantine";
/** Folder ids of this many mailboxes are remembered; they are constant, a forgotten one costs one call. */
const REMEMBERED = 10_000;

export interface Folders {
  /** Id of the hidden folder; undefined where there is none yet. */
  findQuarantine(user: string, signal: AbortSignal): Promise<string | undefined>;
  /** The same, created when it is missing. */
  quarantine(user: string, signal: AbortSignal): Promise<string>;
  /** Id of a well-known folder. */
  wellKnown(user: string, name: string, signal: AbortSignal): Promise<string>;
  /** A remembered id turned out to be wrong. */
  forget(user: string): void;
}

export function openFolders(graph: GraphClient): Folders {
  const known = new Map<string, string>();
  const underWay = new Map<string, Promise<string>>();

  function remember(key: string, id: string): string {
    if (known.size >= REMEMBERED) known.clear();
    known.set(key, id);
    return id;
  }

  async function findQuarantine(user: string, signal: AbortSignal): Promise<string | undefined> {
    const key = `${user}/`;
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const call = {
      name: "list-folders",
      path: `${userPath(user)}/mailFolders`,
      query: { includeHiddenFolders: "true", $select: "id,displayName,isHidden", $top: "100" },
      lane: user,
    };
    for await (const page of graph.pages(call, folder, signal)) {
      // A folder that people can see is no quarantine, whatever its name.
      const found = page.items.find((entry) => entry.displayName?.startsWith(QUARANTINE) && entry.isHidden !== false);
      if (found !== undefined) return remember(key, found.id);
    }
    return undefined;
  }

  async function create(user: string, signal: AbortSignal): Promise<string> {
    const found = await findQuarantine(user, signal);
    if (found !== undefined) return found;
    // The second name is for an owner who has a visible folder of the first one.
    for (const displayName of [QUARANTINE, `${QUARANTINE} ${randomBytes(4).toString("hex")}`]) {
      const call = {
        name: "create-folder",
        method: "POST" as const,
        path: `${userPath(user)}/mailFolders`,
        lane: user,
        // Hidden can be said at creation only.
        body: { displayName, isHidden: true },
      };
      try {
        return remember(`${user}/`, (await graph.json(call, identified, signal)).id);
      } catch (error) {
        if (!isNameTaken(error)) throw error;
        // Another worker was faster, or the owner has a folder of this name.
        const made = await findQuarantine(user, signal);
        if (made !== undefined) return made;
      }
    }
    throw new PosternError("PROVIDER_REFUSED", "The quarantine folder cannot be created", {
      details: { call: "create-folder" },
    });
  }

  return {
    findQuarantine,
    async quarantine(user, signal) {
      const pending = underWay.get(user) ?? create(user, signal).finally(() => underWay.delete(user));
      underWay.set(user, pending);
      try {
        return await pending;
      } catch (error) {
        // The one who began it may have been stopped; that is no reason for the others.
        if (isPosternError(error) || signal.aborted) throw error;
        return await create(user, signal);
      }
    },
    async wellKnown(user, name, signal) {
      const key = `${user}/${name}`;
      const remembered = known.get(key);
      if (remembered !== undefined) return remembered;
      const call = { name: "get-folder", path: folderPath(user, name), query: { $select: "id" }, lane: user };
      return remember(key, (await graph.json(call, identified, signal)).id);
    },
    forget(user) {
      for (const key of known.keys()) if (key.startsWith(`${user}/`)) known.delete(key);
    },
  };
}

function isNameTaken(error: unknown): boolean {
  if (!isPosternError(error)) return false;
  return error.details.status === 409 || error.details.code === "ErrorFolderExists";
}
