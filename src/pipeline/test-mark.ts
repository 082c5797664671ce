import { createHmac, timingSafeEqual } from "node:crypto";
import type { MessageHead } from "../core/message.ts";
import { NOTICE_HEADER } from "./notice-mark.ts";

/** Long enough for a mail that is found by a late catch-up. */
const VALID_MS = 3_600_000;

/** `t1.<end of validity, ms since 1970>.<id, 32 hex digits>.<HMAC>`, in the same header as the mark of a notice. */
const MARK = /^t1\.(\d{1,16})\.([0-9a-f]{32})\.[0-9a-f]{64}$/;

/** The mark of a mail that Postern sends from a mailbox to itself to try a tenant. */
export function testMark(key: Uint8Array, id: string, mailbox: string, now: Date): string {
  return signed(key, `${now.getTime() + VALID_MS}`, id, mailbox);
}

/**
 * True for a test mail of ours. Unlike a notice it may lie in any mailbox, so its owner could copy the mark: it holds
 * for an hour, and only on mail from this mailbox to itself and nobody else (threat T-32).
 * @param addresses all recipients, those too that only the provider knows (Bcc)
 */
export function isOwnTest(
  key: Uint8Array,
  head: MessageHead,
  addresses: readonly string[],
  mailbox: string,
  now: Date,
): boolean {
  const mark = head.headers.find(([name]) => name === NOTICE_HEADER)?.[1].trim() ?? "";
  const [, until, id] = MARK.exec(mark) ?? [];
  if (until === undefined || id === undefined || Number(until) < now.getTime()) return false;
  if (head.from !== mailbox || addresses.length === 0 || addresses.some((address) => address !== mailbox)) return false;
  return timingSafeEqual(Buffer.from(mark), Buffer.from(signed(key, until, id, mailbox)));
}

/** `test` keeps it apart from notices, which are signed with the same key. */
function signed(key: Uint8Array, until: string, id: string, mailbox: string): string {
  const signature = createHmac("sha256", key).update(`test\n${until}\n${id}\n${mailbox.toLowerCase()}`).digest("hex");
  return `t1.${until}.${id}.${signature}`;
}
