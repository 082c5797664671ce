import type { Wording } from "../wording.ts";

export const ENGLISH: Wording = {
  language: "en",
  subject: {
    warning: "Warning about a message with sensitive data",
    quarantine: "A message was taken into quarantine",
    block: "A message was blocked",
    error: "A message could not be checked",
    release: "A message was released from quarantine",
    delete: "A quarantined message was deleted",
    expire: "A quarantined message expired",
    guard: "A rule was paused",
    digest: "Summary of the last hour",
  },
  opening: {
    warning: {
      originator: "You sent a message that the rules of your organisation warn about.",
      managers: "A message was sent that the rules of your organisation warn about.",
    },
    quarantine: {
      originator: "A message that you sent was taken into quarantine. A data protection manager decides about it.",
      managers: "A message was taken into quarantine and waits for your decision.",
    },
    block: {
      originator: "A message that you sent breaks a rule of your organisation and was blocked.",
      managers: "A message broke a rule of your organisation and was blocked.",
    },
    error: {
      originator: "A message that you sent could not be checked for sensitive data.",
      managers: "A message could not be checked for sensitive data.",
    },
    release: {
      originator: "A message that you sent was released from quarantine.",
      managers: "A message was released from quarantine.",
    },
    delete: {
      originator: "A message that you sent was deleted from quarantine.",
      managers: "A quarantined message was deleted.",
    },
    expire: {
      originator: "Nobody decided in time about a message of yours in quarantine; it was deleted.",
      managers: "Nobody decided in time about a message in quarantine; it was deleted.",
    },
  },
  guard: "A rule acted on more messages in an hour than it may. It is paused, and only records what it would do.",
  digest: "So many messages were reported to you in an hour that the rest is in this one mail.",
  labels: {
    message: "Message",
    sender: "Sender",
    recipients: "Recipients",
    rules: "Rules",
    found: "Found",
    unread: "Not read",
    outcome: "Copies",
    incident: "Incident",
    paused: "Paused rule",
    more: "And further",
    review: "Review in Postern (sign-in needed)",
    decide: "Decide about the held message (sign-in needed)",
  },
  copies: (taken, of, outside) =>
    outside === 0
      ? `Taken back from ${taken} of ${of} recipients.`
      : `Taken back from ${taken} of ${of} recipients; ${outside} outside the organisation keep the message.`,
  restored: (back, of) => `Put back into ${back} of ${of} mailboxes; the others could not be reached.`,
  footer: "Values are masked. This mail was sent by Postern, the data loss prevention service of your organisation.",
};
