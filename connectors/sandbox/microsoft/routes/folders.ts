import { type Call, jsonBody, type Params, type Route } from "../call.ts";
import { type DeltaTokens, deltaPage } from "../delta.ts";
import type { Folder } from "../folders.ts";
import { badRequest, GraphError } from "../graph-error.ts";
import { addFolder, folderOf, itemsIn, type Mailbox, moveItem } from "../mailbox.ts";
import { filterOf, page, selectOf } from "../query.ts";
import { mailboxOf } from "../tenant.ts";

const read = ["Mail.ReadBasic.All", "Mail.ReadBasic", "Mail.Read", "Mail.ReadWrite"];
const write = ["Mail.ReadWrite"];

/** Mail folders and the delta query of a folder's messages. */
export function folderRoutes(tokens: DeltaTokens): readonly Route[] {
  return [
    { method: "GET", path: "users/:user/mailFolders", roles: read, handle: children },
    { method: "POST", path: "users/:user/mailFolders", roles: write, handle: create },
    { method: "GET", path: "users/:user/mailFolders/:folder/childFolders", roles: read, handle: children },
    { method: "POST", path: "users/:user/mailFolders/:folder/childFolders", roles: write, handle: create },
    {
      method: "GET",
      path: "users/:user/mailFolders/:folder",
      roles: read,
      handle: (call, params) => {
        const { mailbox, folder } = folderAt(call, params);
        return { status: 200, body: show(call, mailbox, folder) };
      },
    },
    {
      method: "PATCH",
      path: "users/:user/mailFolders/:folder",
      roles: write,
      handle: (call, params) => {
        const { mailbox, folder } = folderAt(call, params);
        const body = jsonBody(call);
        if ("isHidden" in body) throw badRequest("isHidden can be set at creation only.", "ErrorInvalidProperty");
        if (folder.wellKnown)
          throw new GraphError(403, "ErrorDistinguishedFolder", "Distinguished folders cannot be renamed.");
        if (typeof body.displayName === "string") folder.displayName = body.displayName;
        return { status: 200, body: show(call, mailbox, folder) };
      },
    },
    {
      method: "DELETE",
      path: "users/:user/mailFolders/:folder",
      roles: write,
      handle: (call, params) => {
        const { mailbox, folder } = folderAt(call, params);
        if (folder.wellKnown)
          throw new GraphError(403, "ErrorDeleteDistinguishedFolder", "Distinguished folders cannot be deleted.");
        for (const item of itemsIn(mailbox, folder.id)) moveItem(mailbox, item, "deleteditems");
        mailbox.folders.delete(folder.id);
        return { status: 204 };
      },
    },
    {
      method: "GET",
      path: "users/:user/mailFolders/:folder/messages/delta",
      roles: read,
      handle: async (call, params) => {
        const { mailbox, folder } = folderAt(call, params);
        return { status: 200, body: await deltaPage(call, tokens, mailbox, folder.id) };
      },
    },
  ];
}

function folderAt(call: Call, params: Params): { readonly mailbox: Mailbox; readonly folder: Folder } {
  const mailbox = mailboxOf(call.tenant, params.user ?? "");
  return { mailbox, folder: folderOf(mailbox, params.folder ?? "msgfolderroot") };
}

const children: Route["handle"] = async (call, params) => {
  const { mailbox, folder } = folderAt(call, params);
  const hiddenToo = call.query.get("includeHiddenFolders") === "true";
  const passes = filterOf(call);
  const found = [...mailbox.folders.values()]
    .filter((one) => one.parentId === folder.id && (hiddenToo || !one.isHidden))
    .filter((one) => passes(one));
  return { status: 200, body: await page(call, found, (one) => show(call, mailbox, one), 10) };
};

const create: Route["handle"] = (call, params) => {
  const { mailbox, folder } = folderAt(call, params);
  const { displayName, isHidden } = jsonBody(call);
  if (typeof displayName !== "string" || displayName === "")
    throw badRequest("displayName is required.", "ErrorInvalidProperty");
  const made = addFolder(mailbox, { displayName, parent: folder.id, isHidden: isHidden === true });
  return { status: 201, body: show(call, mailbox, made) };
};

function show(call: Call, mailbox: Mailbox, folder: Folder): object {
  const items = itemsIn(mailbox, folder.id);
  const all: Record<string, unknown> = {
    id: folder.id,
    displayName: folder.displayName,
    parentFolderId: folder.parentId,
    childFolderCount: [...mailbox.folders.values()].filter((one) => one.parentId === folder.id && !one.isHidden).length,
    unreadItemCount: items.filter((item) => !item.isRead).length,
    totalItemCount: items.length,
    isHidden: folder.isHidden,
  };
  const select = selectOf(call);
  return select ? Object.fromEntries(["id", ...select].map((name) => [name, all[name]])) : all;
}
