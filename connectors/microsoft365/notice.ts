import type { ActionOutcome, NoticeMail, PlannedAction } from "../../src/core/action.ts";
import { isPosternError } from "../../src/core/errors.ts";
import { ownMessageId, writeOwnMail } from "../own-mail/own-mail.ts";
import { findCopies } from "./copies.ts";
import { userPath } from "./paths.ts";
import { message } from "./payloads.ts";
import { type Room, userOf } from "./room.ts";
import { folderOf } from "./stages.ts";

/** How far back (ms) and through how many mails a notice of an earlier try is looked for. */
const LOOK_BACK_MS = 48 * 3_600_000;
const LOOK_THROUGH = 500;

/**
 * Sends a notice from the service mailbox, whose Sent Items keep a copy: Graph offers no other way for MIME. A repeated
 * try first looks for the notice there and in the mailbox of the person who is told; where that cannot be seen, it is
 * not sent again.
 */
export async function sendNotice(room: Room, action: PlannedAction, signal: AbortSignal): Promise<ActionOutcome> {
  const { notice } = action;
  if (notice === undefined) return { state: "failed", reason: "no-notice" };
  const from = notice.from ?? room.settings.serviceMailbox;
  if (from === undefined) return { state: "not-possible", reason: "no-service-mailbox" };
  const internetMessageId = ownMessageId(action.id, from);
  if (action.attempts > 0 && !room.refusedNotices.has(action.id)) {
    const arrived = await wasSent(room, from, notice, internetMessageId, signal);
    if (arrived === "unknown") return { state: "failed", reason: "outcome-unknown" };
    if (arrived) return { state: "done", reason: null };
  }
  try {
    await send(room, from, notice, internetMessageId, signal);
  } catch (error) {
    // Refused for certain: the next try need not look.
    if (isPosternError(error) && wasRefused(error.details.status)) room.refusedNotices.add(action.id);
    else room.refusedNotices.delete(action.id);
    throw error;
  }
  room.refusedNotices.delete(action.id);
  return { state: "done", reason: null };
}

async function send(
  room: Room,
  from: string,
  notice: NoticeMail,
  internetMessageId: string,
  signal: AbortSignal,
): Promise<void> {
  const user = await userOf(room, from);
  const mime = await writeOwnMail({ ...notice, from, messageId: internetMessageId, date: room.clock.now() });
  await room.graph.send(
    {
      name: "send-notice",
      method: "POST",
      path: `${userPath(user)}/sendMail`,
      // MIME travels as base64 (learn.microsoft.com/graph/outlook-send-mime-message); Graph's JSON has room for one body only.
      headers: { "Content-Type": "text/plain" },
      body: mime.toString("base64"),
      lane: user,
      missing: "MAILBOX_UNAVAILABLE",
    },
    signal,
  );
}

async function wasSent(
  room: Room,
  from: string,
  notice: NoticeMail,
  internetMessageId: string,
  signal: AbortSignal,
): Promise<boolean | "unknown"> {
  const copies = await findCopies(room, await userOf(room, from), internetMessageId, signal, folderOf("sent").name);
  return copies.length > 0 || hasArrived(room, notice, internetMessageId, signal);
}

/** By Message-ID, which the service may have replaced, then by our headers on what came in lately. */
async function hasArrived(
  room: Room,
  notice: NoticeMail,
  internetMessageId: string,
  signal: AbortSignal,
): Promise<boolean | "unknown"> {
  const mailbox = await room.lookup(notice.to);
  if (mailbox === undefined) return "unknown";
  const user = mailbox.userId;
  try {
    if ((await findCopies(room, user, internetMessageId, signal)).length > 0) return true;
    const call = {
      name: "find-notice",
      path: `${userPath(user)}/messages`,
      query: {
        $select: "id,internetMessageHeaders",
        $filter: `receivedDateTime ge ${new Date(room.clock.now().getTime() - LOOK_BACK_MS).toISOString()}`,
        $orderby: "receivedDateTime desc",
        $top: "50",
      },
      lane: user,
    };
    let seen = 0;
    for await (const page of room.graph.pages(call, message, signal)) {
      if (page.items.some((item) => carries(item.internetMessageHeaders ?? [], notice.headers))) return true;
      seen += page.items.length;
      if (seen >= LOOK_THROUGH) break;
    }
    return false;
  } catch (error) {
    if (isPosternError(error, "PROVIDER_FORBIDDEN") || isPosternError(error, "MAILBOX_UNAVAILABLE")) return "unknown";
    throw error;
  }
}

function carries(
  found: readonly { readonly name?: string | null | undefined; readonly value?: string | null | undefined }[],
  wanted: NoticeMail["headers"],
): boolean {
  const entries = Object.entries(wanted);
  return (
    entries.length > 0 &&
    entries.every(([name, value]) =>
      found.some((header) => header.name?.toLowerCase() === name.toLowerCase() && header.value === value),
    )
  );
}

/** 4xx but a timeout: the service read the request and did nothing. */
function wasRefused(status: unknown): boolean {
  return typeof status === "number" && status >= 400 && status < 500 && status !== 408;
}
