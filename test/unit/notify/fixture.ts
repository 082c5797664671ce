import type { MessageRecord } from "../../../src/core/records.ts";

export const RECORD: MessageRecord = {
  id: "0192-incident",
  ref: { provider: "microsoft", tenantId: "t", mailbox: "ann@corp.example", messageId: "m" },
  stage: "sent",
  trigger: "notification",
  internetMessageId: "<m@corp.example>",
  sender: "ann@corp.example",
  subject: "Offer <b>& more</b>\r\nSender: forged@corp.example",
  scannedAt: new Date("2026-11-30T12:00:00Z"),
  verdict: "block",
  status: "complete",
  policyRevision: "r",
  recipients: [{ address: "x@out.example", external: true, verdict: "block", rules: ["cards"] }],
  findings: [
    {
      detector: "credit-card",
      part: "body",
      count: 1,
      occurrences: 2,
      confidence: "high",
      masked: ["************1111"],
    },
    { detector: "iban", part: "body", count: 1, occurrences: 1, confidence: "low", masked: ["low-is-not-told"] },
  ],
  problems: [],
  monitored: [],
  actions: [
    { id: "a", kind: "recall", target: "b@corp.example", state: "done", reason: null, attempts: 1, at: new Date(0) },
    {
      id: "b",
      kind: "recall",
      target: "x@out.example",
      state: "not-possible",
      reason: "external-recipient",
      attempts: 0,
      at: new Date(0),
    },
  ],
};
