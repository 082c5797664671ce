import { type Call, jsonBody, type Params, type Route } from "../call.ts";
import { buildMime, compositionOf, readComposition } from "../compose.ts";
import { type AttachedFile, contentOf } from "../content.ts";
import { GraphError } from "../graph-error.ts";
import { updateItem } from "../mailbox.ts";
import { graphTime } from "../message-json.ts";
import { page, selectOf } from "../query.ts";
import { messagePaths, placeOf } from "./messages.ts";

const read = ["Mail.Read", "Mail.ReadWrite"];

interface Numbered {
  readonly id: string;
  readonly file: AttachedFile;
  /** A reference attachment: nothing but its name is here. */
  readonly isLink: boolean;
  readonly modifiedAt: Date;
}

/** What is attached to a message: files, messages as items, and links to files in the cloud. */
export function attachmentRoutes(): readonly Route[] {
  return [
    ...messagePaths("attachments").map(
      (path): Route => ({
        method: "GET",
        path,
        roles: read,
        handle: async (call, params) => ({
          status: 200,
          body: await page(call, await attachmentsOf(call, params), (one) => show(call, one), 100),
        }),
      }),
    ),
    ...messagePaths("attachments").map(
      (path): Route => ({
        method: "POST",
        path,
        roles: ["Mail.ReadWrite"],
        handle: async (call, params) => {
          const { mailbox, item } = placeOf(call, params);
          if (!item.isDraft) throw new GraphError(403, "ErrorAccessDenied", "Only drafts take attachments.");
          const owner = call.tenant.users.get(mailbox.ownerId)?.address ?? "";
          const base = await compositionOf(item.mime, item.hiddenBcc, owner);
          const { attachments } = readComposition({ attachments: [jsonBody(call)] }, owner);
          const mime = await buildMime(
            { ...base, attachments: [...base.attachments, ...attachments] },
            call.tenant.now(),
          );
          updateItem(mailbox, item, () => Object.assign(item, { mime, hiddenBcc: [] }));
          const added = (await attachmentsOf(call, params)).at(-1);
          return { status: 201, body: added ? show(call, added) : {} };
        },
      }),
    ),
    ...messagePaths("attachments/:attachment").map(
      (path): Route => ({
        method: "GET",
        path,
        roles: read,
        handle: async (call, params) => ({ status: 200, body: show(call, await attachmentAt(call, params)) }),
      }),
    ),
    ...messagePaths("attachments/:attachment/$value").map(
      (path): Route => ({
        method: "GET",
        path,
        roles: read,
        handle: async (call, params) => {
          const { file, isLink } = await attachmentAt(call, params);
          if (isLink) throw new GraphError(405, "ErrorInvalidRequest", "A reference attachment has no content here.");
          return {
            status: 200,
            headers: { "Content-Type": file.isItem ? "text/plain" : file.contentType },
            body: file.bytes,
          };
        },
      }),
    ),
  ];
}

const noFile = {
  contentType: "application/octet-stream",
  contentId: null,
  isInline: false,
  isItem: false,
  bytes: Buffer.alloc(0),
} as const;

async function attachmentsOf(call: Call, params: Params): Promise<readonly Numbered[]> {
  const { item } = placeOf(call, params);
  const { attachments } = await contentOf(item.mime);
  const links = item.cloudFiles.map((name): AttachedFile => ({ ...noFile, name }));
  return [...attachments, ...links].map((file, index) => ({
    id: `${item.key.slice(0, -1)}${Buffer.from(`att${index}`).toString("base64url")}=`,
    file,
    isLink: index >= attachments.length,
    modifiedAt: item.modifiedAt,
  }));
}

async function attachmentAt(call: Call, params: Params): Promise<Numbered> {
  const found = (await attachmentsOf(call, params)).find((one) => one.id === params.attachment);
  if (!found) throw new GraphError(404, "ErrorInvalidIdMalformed", "The attachment was not found.");
  return found;
}

/** `$select` keeps `contentBytes` out of the list; nothing else does. */
function show(call: Call, { id, file, isLink, modifiedAt }: Numbered): object {
  const all: Record<string, unknown> = {
    name: file.name,
    contentType: file.isItem ? null : file.contentType,
    size: file.bytes.length,
    isInline: file.isInline,
    lastModifiedDateTime: graphTime(modifiedAt),
    ...(file.isItem || isLink ? {} : { contentId: file.contentId, contentBytes: file.bytes.toString("base64") }),
  };
  const names = selectOf(call) ?? Object.keys(all);
  const shown = Object.fromEntries(names.filter((name) => name in all).map((name) => [name, all[name]]));
  const kind = isLink ? "referenceAttachment" : file.isItem ? "itemAttachment" : "fileAttachment";
  return { "@odata.type": `#microsoft.graph.${kind}`, id, ...shown };
}
