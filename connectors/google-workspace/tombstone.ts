import { ownMessageId, writeOwnMail } from "../own-mail/own-mail.ts";

export interface TombstoneFacts {
  readonly actionId: string;
  /** The mailbox that it is put into. */
  readonly to: string;
  /** Who sent the message that was taken back. */
  readonly sender: string;
  readonly date: Date;
  /** Of the addressee, BCP 47. */
  readonly language: string | undefined;
}

/** Subject and text; `{sender}` stands for the address. Neither quotes the message: what it said is not to be said again. */
const TEXTS: Readonly<Record<string, readonly [string, string]>> = {
  en: ["A message was taken back", "A message from {sender} was taken back by your organisation's rules for mail."],
  de: [
    "Eine Nachricht wurde zurückgenommen",
    "Eine Nachricht von {sender} wurde nach den Mailregeln Ihrer Organisation zurückgenommen.",
  ],
  nl: [
    "Een bericht is teruggehaald",
    "Een bericht van {sender} is teruggehaald volgens de mailregels van uw organisatie.",
  ],
  fr: [
    "Un message a été retiré",
    "Un message de {sender} a été retiré selon les règles de messagerie de votre organisation.",
  ],
  es: [
    "Se ha retirado un mensaje",
    "Se ha retirado un mensaje de {sender} según las reglas de correo de su organización.",
  ],
};

/** The message that stands in a mailbox for one that was taken back (RFC 5322, plain text). */
export function composeTombstone(facts: TombstoneFacts): Promise<Uint8Array> {
  const { actionId, to, sender, date, language = "en" } = facts;
  const [subject, text] = TEXTS[language.slice(0, 2).toLowerCase()] ?? TEXTS.en ?? ["", ""];
  return writeOwnMail({
    from: to,
    to,
    subject,
    text: `${text.replace("{sender}", () => sender)}\n`,
    date,
    messageId: ownMessageId(actionId, to),
  });
}
