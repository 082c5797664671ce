import type { Reading } from "../reading.ts";
import { Unreadable } from "../unreadable.ts";

const LF = 10;

/** A file of several messages (mbox, RFC 4155): each is a member, counted from 1. */
export async function readMbox(reading: Reading): Promise<void> {
  const { bytes } = reading.file;
  let ordinal = 0;
  for (const message of splitMbox(bytes)) {
    ordinal += 1;
    await reading.member({ name: `${ordinal}.eml`, declaredType: "message/rfc822", open: () => message });
  }
  if (ordinal === 0) throw new Unreadable("corrupt", "a mailbox file without messages");
}

/** The messages of an mbox, without their separator lines; `>From ` lines, with any number of `>`, lose one (mboxrd). */
export function* splitMbox(bytes: Buffer): Generator<Buffer> {
  let start = -1;
  let at = bytes.indexOf("From ");
  while (at !== -1) {
    const separates = at === 0 || (bytes[at - 1] === LF && (at < 2 || isBlankBefore(bytes, at)));
    if (separates) {
      if (start !== -1) yield unquoted(bytes.subarray(start, at));
      const newline = bytes.indexOf(LF, at);
      start = newline === -1 ? bytes.length : newline + 1;
    }
    at = bytes.indexOf("From ", at + 5);
  }
  if (start !== -1 && start < bytes.length) yield unquoted(bytes.subarray(start));
}

function unquoted(message: Buffer): Buffer {
  if (!message.includes(">From ")) return message;
  return Buffer.from(message.toString("latin1").replace(/(?<![^\n])>(?=>*From )/g, ""), "latin1");
}

/** A separator follows an empty line. */
function isBlankBefore(bytes: Buffer, at: number): boolean {
  return bytes[at - 2] === LF || (bytes[at - 2] === 13 && bytes[at - 3] === LF);
}

/** Apple Mail's file of one message: its length, the message, then a property list. */
export async function readEmlx(reading: Reading): Promise<void> {
  const { bytes } = reading.file;
  const newline = bytes.indexOf(LF);
  const length = Number.parseInt(bytes.toString("latin1", 0, newline), 10);
  const message = bytes.subarray(newline + 1, newline + 1 + length);
  await reading.again("message/rfc822", message);
  if (message.length < length) throw new Unreadable("corrupt", "the message is cut off");
}
