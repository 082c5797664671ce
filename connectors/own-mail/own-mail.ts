import { createHash } from "node:crypto";
import MailComposer from "nodemailer/lib/mail-composer";

export interface OwnMail {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same as `text`, as an alternative. */
  readonly html?: string;
  readonly messageId: string;
  readonly date: Date;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The mail as MIME (RFC 5322), with CRLF; marked as automatic, so that nothing answers it (RFC 3834). */
export async function writeOwnMail({ from, to, headers, ...rest }: OwnMail): Promise<Buffer> {
  const composer = new MailComposer({
    ...rest,
    from: { name: "Postern", address: from },
    // As an object: as a text it would be parsed as a list.
    to: { name: "", address: to },
    headers: { ...headers, "auto-submitted": "auto-generated" },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return await composer.compile().build();
}

/** Names the action without its parts: 32 hexadecimal digits. */
export function actionMark(actionId: string): string {
  return createHash("sha256").update(actionId).digest("hex").slice(0, 32);
}

/** Message-ID of an action's mail: the same at every attempt, so that what an earlier one sent can be found. */
export function ownMessageId(actionId: string, address: string): string {
  return `<postern.${actionMark(actionId)}@${address.slice(address.lastIndexOf("@") + 1)}>`;
}
