import { withHeader } from "../../mime/headers.ts";
import type { Answer, Call, Params, Route } from "../call.ts";
import type { Folder } from "../folders.ts";
import { GraphError, itemNotFound } from "../graph-error.ts";
import type { Item } from "../item.ts";
import { folderOf, inFolder, itemOf, itemsIn, type Mailbox, moveItem, purgeItem } from "../mailbox.ts";
import { headJson, messageJson } from "../message-json.ts";
import { filterOf, page, sorted, viewOf } from "../query.ts";
import { mailboxOf } from "../tenant.ts";

/** A message that a path names, with where it is. */
export interface Place {
  readonly mailbox: Mailbox;
  readonly item: Item;
}

/** Finds the message of `/users/:user/messages/:id` or of `/users/:user/mailFolders/:folder/messages/:id`. */
export function placeOf(call: Call, params: Params): Place {
  const mailbox = mailboxOf(call.tenant, params.user ?? "");
  const item = itemOf(mailbox, params.id ?? "");
  if (params.folder !== undefined && folderOf(mailbox, params.folder).id !== item.folderId) throw itemNotFound();
  return { mailbox, item };
}

/** The two forms in which every message is reached. */
export function messagePaths(suffix: string): readonly string[] {
  const end = suffix === "" ? "" : `/${suffix}`;
  return [`users/:user/messages/:id${end}`, `users/:user/mailFolders/:folder/messages/:id${end}`];
}

const readBasic = ["Mail.ReadBasic.All", "Mail.ReadBasic", "Mail.Read", "Mail.ReadWrite"];
const read = ["Mail.Read", "Mail.ReadWrite"];
const write = ["Mail.ReadWrite"];

/** Reading, listing, moving and deleting messages. */
export function messageRoutes(): readonly Route[] {
  const both = (method: string, suffix: string, roles: readonly string[], handle: Route["handle"]): readonly Route[] =>
    messagePaths(suffix).map((path) => ({ method, path, roles, handle }));
  return [
    { method: "GET", path: "users/:user/messages", roles: readBasic, handle: list },
    { method: "GET", path: "users/:user/mailFolders/:folder/messages", roles: readBasic, handle: list },
    ...both("GET", "", read, async (call, params) => {
      const { mailbox, item } = placeOf(call, params);
      return ok(await messageJson(mailbox, item, viewOf(call)), 200);
    }),
    ...both("GET", "$value", read, (call, params) => ({
      status: 200,
      headers: { "Content-Type": "text/plain" },
      body: mimeOf(call, placeOf(call, params).item),
    })),
    ...both("DELETE", "", write, (call, params) => {
      const { mailbox, item } = placeOf(call, params);
      // Where a deleted item goes is not documented. Here as in the clients: Deleted Items first, then the dumpster.
      const again = inFolder(mailbox, item, "deleteditems");
      if (inFolder(mailbox, item, "recoverableitemsdeletions")) {
        throw new GraphError(400, "ErrorCannotDeleteObject", "Items in this folder cannot be deleted.");
      }
      moveItem(mailbox, item, again ? "recoverableitemsdeletions" : "deleteditems");
      return { status: 204 };
    }),
    ...both("POST", "permanentDelete", write, (call, params) => {
      if (!call.tenant.quirks.globalCloud) throw new GraphError(404, "UnsupportedApi", "Not available in this cloud.");
      const { mailbox, item } = placeOf(call, params);
      purgeItem(mailbox, item);
      return { status: 204 };
    }),
  ];
}

/** The bytes as they came in; never decoded on the way. */
function mimeOf(call: Call, item: Item): Buffer {
  if (!call.tenant.quirks.unstableMime) return item.mime;
  return Buffer.from(withHeader(item.mime, "X-MS-Exchange-Transport-EndToEndLatency", String(performance.now())));
}

async function list(call: Call, params: Params): Promise<Answer> {
  const mailbox = mailboxOf(call.tenant, params.user ?? "");
  const folder = params.folder === undefined ? undefined : folderOf(mailbox, params.folder);
  const { immutable } = viewOf(call);
  const passes = filterOf(call);
  const heads = itemsOf(mailbox, folder).map((item) => ({ ...headJson(mailbox, item, immutable), item }));
  const found = sorted(call, heads.filter(passes), "receivedDateTime desc");
  return ok(await page(call, found, ({ item }) => messageJson(mailbox, item, viewOf(call)), 10), 200);
}

/** A folder's items; without one those of all folders, the dumpster left out. */
function itemsOf(mailbox: Mailbox, folder: Folder | undefined): readonly Item[] {
  if (folder) return itemsIn(mailbox, folder.id);
  const dumpster = folderOf(mailbox, "recoverableitemsroot").id;
  return [...mailbox.items.values()].filter((item) => mailbox.folders.get(item.folderId)?.parentId !== dumpster);
}

function ok(body: object, status: number): Answer {
  return { status, body };
}
