import type { MessageHead, Recipient } from "../../core/message.ts";
import { readAddresses } from "./addresses.ts";
import { decodeHeaderText } from "./encoded-word.ts";
import type { RawField } from "./header-block.ts";

/** The head of a message from its fields, decoded. */
export function readHead(fields: readonly RawField[]): MessageHead {
  const value = (name: string) => fields.find((field) => field.name === name)?.value ?? null;
  const id = value("message-id");
  const recipients = new Map<string, Recipient>();
  for (const field of ["to", "cc", "bcc"] as const) {
    for (const raw of fields.filter((candidate) => candidate.name === field)) {
      for (const { address } of readAddresses(raw.value)) {
        if (address !== "" && !recipients.has(address)) recipients.set(address, { address, field });
      }
    }
  }
  const from = fields
    .filter((field) => field.name === "from")
    .flatMap((field) => readAddresses(field.value))
    .find(({ address }) => address !== "");
  return {
    internetMessageId: id === null ? null : (/<[^<>]*>/.exec(id)?.[0] ?? id.trim()) || null,
    subject: decodeHeaderText(value("subject") ?? ""),
    from: from?.address ?? null,
    recipients: [...recipients.values()],
    date: value("date"),
    headers: fields.map((field) => [field.name, decodeHeaderText(field.value)] as const),
  };
}

/** Fields that a message may have once at most (RFC 5322 3.6), and of which mail programs show one or another. */
const SINGLE_FIELDS = ["from", "to", "cc", "subject"] as const;

/** Names of fields that must stand once and stand there several times, with values that differ. */
export function differingFields(fields: readonly RawField[]): readonly string[] {
  return SINGLE_FIELDS.filter((name) => {
    const values = fields.filter((field) => field.name === name).map((field) => decodeHeaderText(field.value));
    return new Set(values.map((value) => value.replace(/\s+/g, " ").trim())).size > 1;
  });
}

/** All subjects that differ. Which of them the recipient sees is up to the mail program. */
export function subjects(fields: readonly RawField[]): readonly string[] {
  const all = fields.filter((field) => field.name === "subject").map((field) => decodeHeaderText(field.value));
  return [...new Set(all)].filter((subject) => subject !== "");
}

/** Path of the part that a field is. */
export function fieldPart(name: string): string {
  return name === "subject" ? "subject" : `header:${name}`;
}

/** Fields that machines write about the way of a mail, or that are parts by themselves. */
const TRACE =
  /^(received|return-path|delivered-to|x-original-to|envelope-to|message-id|in-reply-to|references|date|mime-version|content-.*|subject|resent-(date|message-id)|dkim-signature|domainkey-signature|arc-.*|authentication-results.*|received-spf|autocrypt|list-.*|precedence|thread-(index|topic)|x-ms-.*|x-microsoft-.*|x-forefront-.*|x-exchange-.*|x-google-.*|x-gm-.*|x-originating-ip|x-mailer|user-agent|x-priority|priority|importance|auto-submitted|x-spam-.*|x-virus-.*|x-received|x-mimeole|x-eopattributedmessage|x-tm.*|x-proofpoint-.*|x-ses-.*|feedback-id)$/;

const ADDRESS_FIELDS = new Set([
  "from",
  "to",
  "cc",
  "bcc",
  "sender",
  "reply-to",
  "resent-from",
  "resent-to",
  "resent-cc",
]);

/** Whether a field is a part of its own: what people, programs and smugglers write, not what relays add. */
export function isScannedHeader(name: string): boolean {
  return !TRACE.test(name);
}

/**
 * Text of a field that is a part: of address fields only the names beside the addresses. To and Cc show their addresses
 * to every recipient: where they hold more than one, the addresses count too (Cc used instead of Bcc).
 */
export function headerText(field: RawField, fields: readonly RawField[]): string {
  if (!ADDRESS_FIELDS.has(field.name)) return decodeHeaderText(field.value);
  const shows = isShown(field) && fields.filter(isShown).flatMap((each) => readAddresses(each.value)).length > 1;
  return readAddresses(field.value)
    .map(({ display, address }) => (shows ? `${display} <${address}>` : display).trim())
    .filter((text) => text !== "" && text !== "<>")
    .join("\n");
}

function isShown(field: RawField): boolean {
  return field.name === "to" || field.name === "cc";
}
