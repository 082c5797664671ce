import { bodyOf, type VerdictBody } from "../../core/event-bodies.ts";
import { COMMON_FIELDS, type Field } from "./field.ts";
import { deliveryMode, externalRecipients, providerName, ruleIds } from "./verdict-facts.ts";

/** `email_dlp_findings`: one record for each verdict, `allow` included. */
export const FINDINGS_FIELDS: readonly Field[] = [
  ...COMMON_FIELDS,
  field(
    "FindingID",
    "string",
    "Id of the message's record in the API; actions name it too.",
    "0192f6a0-1111-7222-8333-444455556666",
    (v) => v.messageId,
  ),
  field("Provider", "string", "`m365`, `google`, or `files`.", "m365", (v) => providerName(v.provider)),
  field("MailboxID", "string", "Mailbox that was watched.", "ann@corp.example", (v) => v.mailbox),
  field(
    "MessageID",
    "string",
    "Message-ID header; null when the message has none.",
    "<20261130@corp.example>",
    (v) => v.internetMessageId,
  ),
  field(
    "ProviderMessageID",
    "string",
    "The provider's id when it was read; it may change.",
    "AAMkADk3",
    (v) => v.providerMessageId,
  ),
  field(
    "MessageDeliveryMode",
    "string",
    "`draft`, `held` (outbox), `sent`, `upload`, or `retroScan` for mail read by a backfill.",
    "sent",
    deliveryMode,
  ),
  field(
    "Trigger",
    "string",
    "Why it was read: `notification`, `catch-up`, `backfill`, `upload`.",
    "notification",
    (v) => v.trigger,
  ),
  field("Origin", "string", "Direction; always `outbound`.", "outbound", () => "outbound"),
  field("From", "string", "Sender's address.", "ann@corp.example", (v) => v.sender),
  field("To", "array[string]", "Addresses of all recipients, at most 500.", ["bob@out.example"], (v) =>
    v.recipients.map(({ address }) => address),
  ),
  field("RecipientCount", "int", "How many there are.", 1, (v) => v.recipientCount),
  field(
    "ExternalRecipients",
    "array[string]",
    "Those of `To` outside the organisation.",
    ["bob@out.example"],
    externalRecipients,
  ),
  field(
    "RecipientVerdicts",
    "array[object]",
    "Decision for each of `To`, with the rules that matched, strictest first.",
    [{ Recipient: "bob@out.example", External: true, Action: "block", RuleIDs: ["cards-out"] }],
    (v) =>
      v.recipients.map(({ address, external, verdict, rules }) => ({
        Recipient: address,
        External: external,
        Action: verdict,
        RuleIDs: rules,
      })),
  ),
  field(
    "Subject",
    "string",
    "Subject with found values masked; hashed or null when the job says so.",
    "Offer ************1111",
    (v) => v.subject ?? null,
  ),
  field("PolicyVersion", "string", "Revision of the policy that decided.", "9f2c1d5e8a7b6c43", (v) => v.policyRevision),
  field("RuleIDs", "array[string]", "Rules that matched for any recipient.", ["cards-out"], ruleIds),
  field(
    "Action",
    "string",
    "Verdict: `allow`, `warn`, `must-encrypt`, `quarantine`, `block`; the strictest of the recipients'.",
    "block",
    (v) => v.verdict,
  ),
  field(
    "Detectors",
    "array[object]",
    "What was found where, at most 100; samples are masked.",
    [
      {
        ID: "credit-card",
        Location: "body",
        UniqueCount: 1,
        Count: 2,
        Confidence: "high",
        Masked: ["************1111"],
      },
    ],
    (v) =>
      v.findings.map(({ detector, part, count, occurrences, confidence, masked }) => ({
        ID: detector,
        Location: part,
        UniqueCount: count,
        Count: occurrences,
        Confidence: confidence,
        Masked: masked,
      })),
  ),
  field("DetectorIDs", "array[string]", "Ids of `Detectors`, each once, for filters.", ["credit-card"], (v) => [
    ...new Set(v.findings.map(({ detector }) => detector)),
  ]),
  field("FindingCount", "int", "How many entries `Detectors` would have without its limit.", 1, (v) => v.findingCount),
  field("ScanStatus", "string", "`complete`, `partial` (see `ScanReasons`), `failed`.", "complete", (v) => v.status),
  field(
    "ScanReasons",
    "array[object]",
    "What could not be read and why.",
    [{ Location: "attachment:x.zip", Reason: "encrypted" }],
    (v) => v.problems.map(({ part, code }) => ({ Location: part, Reason: code })),
  ),
  field(
    "Simulation",
    "array[object]",
    "Rules in monitor mode and what they would have decided.",
    [{ RuleID: "new-rule", Action: "block" }],
    (v) => v.monitored.map(({ rule, verdict }) => ({ RuleID: rule, Action: verdict })),
  ),
  field(
    "EvidenceKeyID",
    "string",
    "Thumbprint (RFC 7638) of the key that opens `Evidence`; null when no key was given or nothing was found.",
    "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
    (v) => v.evidence?.keyId ?? null,
  ),
  field(
    "Evidence",
    "string",
    "Found values and subject in clear, sealed to your public key (JWE, RFC 7516); see [evidence](evidence.md).",
    "eyJhbGciOiJFQ0RILUVTK0EyNTZLVyJ9.a.b.c.d",
    (v) => v.evidence?.jwe ?? null,
  ),
];

function field(
  name: string,
  type: Field["type"],
  about: string,
  example: unknown,
  of: (body: VerdictBody) => unknown,
): Field {
  return {
    name,
    type,
    about,
    example,
    of: (event) => {
      const body = bodyOf(event, "verdict");
      return body === undefined ? null : of(body);
    },
  };
}
