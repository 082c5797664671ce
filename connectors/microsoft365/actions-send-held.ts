import type { ActionOutcome, PlannedAction } from "../../src/core/action.ts";
import type { Recipient } from "../../src/core/message.ts";
import { purgeCopies } from "./actions-purge.ts";
import { findCopies } from "./copies.ts";
import { fetchMessage } from "./fetch.ts";
import { userPath } from "./paths.ts";
import type { Room } from "./room.ts";
import { folderOf } from "./stages.ts";

/** The line that ends the header block. */
const END_OF_HEAD = /\r?\n\r?\n/;

/**
 * Sends what was held in the Outbox. It is no draft, so Graph cannot send it as it stands: it is sent anew as MIME, by
 * its sender, and the held copy is destroyed. A repeated try first looks for it among what was sent.
 */
export async function sendHeld(
  room: Room,
  user: string,
  messageId: string,
  action: PlannedAction,
  signal: AbortSignal,
): Promise<ActionOutcome> {
  if (action.attempts === 0 || !(await wasSent(room, user, action, signal))) {
    if (action.attempts > 0 && action.internetMessageId === null) return { state: "failed", reason: "outcome-unknown" };
    const { mime, recipients } = await fetchMessage(room, { ...action.ref, messageId }, signal);
    await room.graph.send(
      {
        name: "send-released",
        method: "POST",
        path: `${userPath(user)}/sendMail`,
        headers: { "Content-Type": "text/plain" },
        body: withBcc(Buffer.from(mime), recipients).toString("base64"),
        lane: user,
        missing: "MAILBOX_UNAVAILABLE",
      },
      signal,
    );
  }
  return action.copies?.length ? await purgeCopies(room, action, signal) : { state: "done", reason: null };
}

async function wasSent(room: Room, user: string, action: PlannedAction, signal: AbortSignal): Promise<boolean> {
  if (action.internetMessageId === null) return false;
  return (await findCopies(room, user, action.internetMessageId, signal, folderOf("sent").name)).length > 0;
}

/** Blind copies may stand beside the message only; sending asks for them in its head. */
function withBcc(mime: Buffer, recipients: readonly Recipient[]): Buffer {
  const blind = recipients.filter(({ field }) => field === "bcc").map(({ address }) => address);
  const head = mime.toString("latin1").split(END_OF_HEAD, 1)[0] ?? "";
  if (blind.length === 0 || /^bcc:/im.test(head)) return mime;
  return Buffer.concat([Buffer.from(`Bcc: ${blind.join(", ")}\r\n`), mime]);
}
