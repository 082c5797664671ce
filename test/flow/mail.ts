import { DOMAIN } from "../support/microsoft-service.ts";

export const ann = `ann@${DOMAIN}`;
export const bob = `bob@${DOMAIN}`;
export const carl = `carl@${DOMAIN}`;
export const dora = `dora@${DOMAIN}`;
export const boss = `boss@${DOMAIN}`;
export const OUTSIDER = "x@out.example";

/** Texts that the policy below decides about. */
export const CARD = "card 4111 1111 1111 1111";
export const IBAN = "IBAN NL91 ABNA 0417 1643 00";
export const CODE_NAME = "project osprey";

/** Cards to the outside are blocked, an IBAN to anybody is quarantined, a code name to the outside warns. */
export function policyWith(settings = "", rules = "", assigned = ""): string {
  return `version: 1
detectors:
  - { id: code-names, words: [osprey] }
rules:
  - id: cards-out
    when: { detectors: [{ detector: credit-card }], recipients: { are: external } }
    action: block
  - id: iban-any
    when: { detectors: [{ detector: iban }], recipients: { are: any } }
    action: quarantine
  - id: words
    when: { detectors: [{ detector: code-names }], recipients: { are: external } }
    action: warn
${rules}scopes:
  global:
    rules: [cards-out, iban-any, words${assigned}]
    settings: { dlp.enabled: true, dlp.managers: [manager-of-sender], notify.block.originator: true, notify.block.managers: true, notify.quarantine.originator: true, notify.quarantine.managers: true, notify.warning.originator: true, notify.warning.managers: false, notify.release.originator: true, notify.release.managers: false${settings} }
`;
}

export interface MailGiven {
  readonly from?: string;
  readonly to?: string;
  /** Null leaves the header out; the subject makes one when nothing is given. */
  readonly id?: string | null;
  readonly date?: string;
  readonly text?: string;
  /** Header lines before the subject. */
  readonly extra?: readonly string[];
}

/** A mail as a client writes it. `subject` is a word that names it in a test. */
export function mail(subject: string, given: MailGiven = {}): Buffer {
  const { from = ann, to = OUTSIDER, id = idOf(subject), text = "hello" } = given;
  const lines = [
    `From: ${from}`,
    `To: ${to}`,
    ...(given.extra ?? []),
    `Subject: ${subject}`,
    ...(id === null ? [] : [`Message-ID: ${id}`]),
    `Date: ${given.date ?? "Mon, 30 Nov 2026 12:00:00 +0000"}`,
    ...(given.extra?.some((line) => /^content-type:/i.test(line))
      ? []
      : ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8"]),
    "",
    text,
    "",
  ];
  return Buffer.from(lines.join("\r\n"));
}

export function idOf(subject: string): string {
  return `<${subject}@${DOMAIN}>`;
}
