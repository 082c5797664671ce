import { createHash } from "node:crypto";
import MailComposer from "nodemailer/lib/mail-composer";
import type { NoticeMail } from "../../src/core/action.ts";

/** Marks which action sent a notice: found again when Gmail replaced the Message-ID. */
export const ACTION_HEADER = "x-postern-action";

/** The same for every attempt at the same action, so that an earlier one can be found. */
export function noticeMessageId(actionId: string, from: string): string {
  return `<postern-${mark(actionId)}@${from.slice(from.lastIndexOf("@") + 1)}>`;
}

/** Value of ACTION_HEADER. */
export function mark(actionId: string): string {
  return createHash("sha256").update(actionId).digest("hex").slice(0, 32);
}

/** The notice as a MIME message (RFC 5322) with text and HTML alternatives. */
export async function composeNotice(
  notice: NoticeMail,
  facts: { readonly actionId: string; readonly from: string; readonly date: Date },
): Promise<Uint8Array> {
  const composer = new MailComposer({
    from: { name: "Postern", address: facts.from },
    to: notice.to,
    subject: notice.subject,
    text: notice.text,
    html: notice.html,
    date: facts.date,
    messageId: noticeMessageId(facts.actionId, facts.from),
    headers: {
      ...notice.headers,
      [ACTION_HEADER]: mark(facts.actionId),
      // RFC 3834: no vacation answers and no loops.
      "auto-submitted": "auto-generated",
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return await composer.compile().build();
}
