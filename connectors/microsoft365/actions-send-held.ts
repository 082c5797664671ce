import type { ActionOutcome, PlannedAction } from "../../src/core/action.ts";
import type { Recipient } from "../../src/core/message.ts";
import { ownMessageId } from "../own-mail/own-mail.ts";
import { purgeCopies } from "./actions-purge.ts";
import { findCopies } from "./copies.ts";
import { fetchMessage } from "./fetch.ts";
import { userPath } from "./paths.ts";
import { type Room, userOf } from "./room.ts";
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
    await send(room, user, messageId, action, signal);
  }
  return action.copies?.length ? await purgeCopies(room, action, signal) : { state: "done", reason: null };
}

async function wasSent(room: Room, user: string, action: PlannedAction, signal: AbortSignal): Promise<boolean> {
  if (action.internetMessageId === null) return false;
  return (await findCopies(room, user, action.internetMessageId, signal, folderOf("sent").name)).length > 0;
}

/**
 * Sends a copy of what is held in the Outbox to those who may have it. The copy has a Message-ID of its own, by which a
 * repeated try finds it, and by which it is told from the mail that the others may get later.
 */
export async function sendAllowed(room: Room, action: PlannedAction, signal: AbortSignal): Promise<ActionOutcome> {
  const { mailbox } = action.ref;
  const [held] = action.copies ?? [];
  if (held === undefined || action.onlyTo === undefined) return { state: "failed", reason: "no-copies" };
  const user = await userOf(room, mailbox);
  const ownId = ownMessageId(action.id, mailbox);
  const isRepeated = action.attempts > 0;
  if (isRepeated && (await findCopies(room, user, ownId, signal, folderOf("sent").name)).length > 0)
    return { state: "done", reason: null };
  await send(room, user, held.messageId, action, signal, ownId);
  return { state: "done", reason: null };
}

async function send(
  room: Room,
  user: string,
  messageId: string,
  action: PlannedAction,
  signal: AbortSignal,
  ownId?: string,
): Promise<void> {
  const { mime, recipients } = await fetchMessage(room, { ...action.ref, messageId }, signal);
  const { onlyTo } = action;
  const addressed =
    onlyTo === undefined
      ? withBcc(Buffer.from(mime), recipients)
      : addressedTo(
          Buffer.from(mime),
          recipients.filter(({ address }) => onlyTo.includes(address)),
          ownId,
        );
  await room.graph.send(
    {
      name: action.kind,
      method: "POST",
      path: `${userPath(user)}/sendMail`,
      headers: { "Content-Type": "text/plain" },
      body: addressed.toString("base64"),
      lane: user,
      missing: "MAILBOX_UNAVAILABLE",
    },
    signal,
  );
}

/** The same mail to others: recipients, and the Message-ID when one is given, take the place of those in its head. */
function addressedTo(mime: Buffer, recipients: readonly Recipient[], messageId: string | undefined): Buffer {
  const text = mime.toString("latin1");
  const head = text.split(END_OF_HEAD, 1)[0] ?? "";
  const replaced = messageId === undefined ? /^(?:to|cc|bcc):/i : /^(?:to|cc|bcc|message-id):/i;
  const kept = head.split(/\r?\n(?![ \t])/).filter((line) => !replaced.test(line));
  const fields = [
    ["To", "to"],
    ["Cc", "cc"],
    ["Bcc", "bcc"],
  ] as const;
  const lines = fields.flatMap(([name, field]) => {
    const addresses = recipients.filter((recipient) => recipient.field === field).map(({ address }) => address);
    return addresses.length === 0 ? [] : [`${name}: ${addresses.join(",\r\n ")}`];
  });
  const own = messageId === undefined ? [] : [`Message-ID: ${messageId}`];
  return Buffer.from(`${[...lines, ...own, ...kept].join("\r\n")}${text.slice(head.length)}`, "latin1");
}

/** Blind copies may stand beside the message only; sending asks for them in its head. */
function withBcc(mime: Buffer, recipients: readonly Recipient[]): Buffer {
  const blind = recipients.filter(({ field }) => field === "bcc").map(({ address }) => address);
  const head = mime.toString("latin1").split(END_OF_HEAD, 1)[0] ?? "";
  if (blind.length === 0 || /^bcc:/im.test(head)) return mime;
  return Buffer.concat([Buffer.from(`Bcc: ${blind.join(", ")}\r\n`), mime]);
}
