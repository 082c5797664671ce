import { createHash } from "node:crypto";
import MailComposer from "nodemailer/lib/mail-composer";
import type { NoticeMail } from "../../src/core/action.ts";

/** The same for each try, so that a notice can be found again. */
export function noticeMessageId(actionId: string, from: string): string {
  const domain = from.slice(from.lastIndexOf("@") + 1);
  return `<postern.${createHash("sha256").update(actionId).digest("hex").slice(0, 32)}@${domain}>`;
}

/**
 * The notice with text and HTML alternatives, as `sendMail` takes MIME: base64
 * (learn.microsoft.com/graph/outlook-send-mime-message). Graph's JSON form has room for one of the two only.
 */
export async function noticeMime(
  notice: NoticeMail,
  facts: { readonly from: string; readonly internetMessageId: string; readonly date: Date },
): Promise<string> {
  const composer = new MailComposer({
    from: { name: "Postern", address: facts.from },
    to: notice.to,
    subject: notice.subject,
    text: notice.text,
    html: notice.html,
    date: facts.date,
    messageId: facts.internetMessageId,
    // RFC 3834: no vacation answers and no loops.
    headers: { ...notice.headers, "auto-submitted": "auto-generated" },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return (await composer.compile().build()).toString("base64");
}
