import type { MessageRef, Recipient } from "../../src/core/message.ts";
import type { FetchedMessage } from "../../src/core/ports.ts";
import { messagePath } from "./paths.ts";
import { attachment, type GraphMessage, message } from "./payloads.ts";
import { type Room, userOf } from "./room.ts";
import { folderOf } from "./stages.ts";

/** Exchange Online carries messages up to 150 MB; the bytes are held in memory once (body.ts). */
const MIME_LIMIT_BYTES = 160 * 1024 * 1024;
const FIELDS =
  "id,parentFolderId,isDraft,hasAttachments,sentDateTime,lastModifiedDateTime,toRecipients,ccRecipients,bccRecipients";

/**
 * One call for what only the mailbox knows (Bcc, draft or sent) and one for the message as MIME; a third where there are
 * attachments, since links to files in the cloud are told in their list only.
 */
export async function fetchMessage(room: Room, ref: MessageRef, signal: AbortSignal): Promise<FetchedMessage> {
  const user = await userOf(room, ref.mailbox);
  const path = messagePath(user, ref.messageId);
  const known = await room.graph.json(
    { name: "fetch-message", path, query: { $select: FIELDS }, lane: user },
    message,
    signal,
  );
  const mime = await room.graph.bytes(
    { name: "fetch-mime", path: `${path}/$value`, lane: user },
    MIME_LIMIT_BYTES,
    signal,
  );
  const isDraft = known.isDraft === true || (await isInOutbox(room, user, known, signal));
  const at = (isDraft ? known.lastModifiedDateTime : known.sentDateTime) ?? known.lastModifiedDateTime ?? null;
  const cloudFiles = known.hasAttachments === true ? await countCloudFiles(room, user, path, signal) : 0;
  return { mime, recipients: recipientsOf(known), isDraft, at, cloudFiles };
}

/** Reference attachments; `$value` of one answers 405, so that nothing of them can be read here. */
async function countCloudFiles(room: Room, user: string, path: string, signal: AbortSignal): Promise<number> {
  // `$select` keeps the bytes of the others out of the answer.
  const query = { $select: "id,name,contentType,size,isInline" };
  const call = { name: "list-attachments", path: `${path}/attachments`, query, lane: user };
  let count = 0;
  for await (const page of room.graph.pages(call, attachment, signal))
    count += page.items.filter((item) => /referenceAttachment$/i.test(item["@odata.type"] ?? "")).length;
  return count;
}

/** What waits in the Outbox may be no draft any more and was not sent yet. Asked where the Outbox is watched only. */
async function isInOutbox(room: Room, user: string, known: GraphMessage, signal: AbortSignal): Promise<boolean> {
  if (!room.settings.stages.includes("outbox") || known.parentFolderId == null) return false;
  return known.parentFolderId === (await room.folders.wellKnown(user, folderOf("outbox").name, signal));
}

function recipientsOf(known: GraphMessage): readonly Recipient[] {
  const fields = [
    ["to", known.toRecipients],
    ["cc", known.ccRecipients],
    ["bcc", known.bccRecipients],
  ] as const;
  return fields.flatMap(([field, list]) =>
    (list ?? []).flatMap((entry) => {
      const address = entry?.emailAddress?.address?.trim().toLowerCase();
      // Entries of the old Exchange directory (`/o=…`) are no addresses.
      return address?.includes("@") ? [{ address, field }] : [];
    }),
  );
}
