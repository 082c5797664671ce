import { createHmac, timingSafeEqual } from "node:crypto";
import type { MessageHead } from "../core/message.ts";

/** Header by which Postern knows the mails that it sent itself. */
export const NOTICE_HEADER = "x-postern-notice";

/**
 * The mark of one notice: bound to its action and its one recipient by HMAC-SHA256, so that it can neither be made up
 * nor copied into another mail (threat T-32).
 */
export function noticeMark(key: Uint8Array, actionId: string, to: string): string {
  return `v1.${actionId}.${createHmac("sha256", key).update(`${actionId}\n${to.toLowerCase()}`).digest("hex")}`;
}

/** True for a notice of ours: genuine mark, sent from the service mailbox, to exactly the person it was made for. */
export function isOwnNotice(
  key: Uint8Array,
  head: MessageHead,
  mailbox: string,
  serviceMailbox: string | null,
): boolean {
  if (mailbox !== serviceMailbox) return false;
  const mark = head.headers.find(([name]) => name === NOTICE_HEADER)?.[1].trim();
  const actionId = mark === undefined ? undefined : /^v1\.([0-9a-f]{32})\.[0-9a-f]{64}$/.exec(mark)?.[1];
  const [recipient, ...others] = head.recipients;
  if (mark === undefined || actionId === undefined || recipient === undefined || others.length > 0) return false;
  return timingSafeEqual(Buffer.from(mark), Buffer.from(noticeMark(key, actionId, recipient.address)));
}
