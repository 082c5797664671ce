import type { EventRecord } from "../../../src/core/records.ts";

const AT = new Date("2026-11-30T21:45:00.123Z");

export function event(kind: EventRecord["kind"], body: EventRecord["body"], sequence = 1): EventRecord {
  return { id: `event-${sequence}`, tenantId: "t1", sequence, at: AT, kind, body, hash: "" };
}

export function verdict(change: Readonly<Record<string, unknown>> = {}, sequence = 1): EventRecord {
  return event(
    "verdict",
    {
      messageId: "m1",
      provider: "microsoft",
      mailbox: "ann@corp.example",
      providerMessageId: "AAMk1",
      internetMessageId: "<1@corp.example>",
      stage: "sent",
      trigger: "notification",
      sender: "ann@corp.example",
      subject: "Offer ************1111",
      verdict: "block",
      status: "partial",
      policyRevision: "9f2c1d5e8a7b6c43",
      recipients: [
        { address: "bob@out.example", external: true, verdict: "block", rules: ["cards-out", "other"] },
        { address: "carl@corp.example", external: false, verdict: "allow", rules: [] },
      ],
      recipientCount: 2,
      findings: [
        {
          detector: "credit-card",
          part: "body",
          count: 1,
          occurrences: 2,
          confidence: "high",
          masked: ["************1111"],
        },
        {
          detector: "iban",
          part: "attachment:a.zip!b.xlsx",
          count: 1,
          occurrences: 1,
          confidence: "low",
          masked: ["**3000"],
        },
      ],
      findingCount: 2,
      problems: [{ part: "attachment:x.zip", code: "encrypted" }],
      monitored: [{ rule: "new-rule", verdict: "warn" }],
      ...change,
    },
    sequence,
  );
}

/** One event of each kind, and the states that formats tell apart. */
export const ALL_KINDS: readonly EventRecord[] = [
  verdict(),
  verdict({
    verdict: "allow",
    stage: "draft",
    findings: [],
    findingCount: 0,
    internetMessageId: null,
    status: "complete",
  }),
  verdict({ verdict: "quarantine", trigger: "backfill" }),
  verdict({ verdict: "must-encrypt", stage: "outbox", provider: "google" }),
  verdict({ verdict: "warn", recipients: [], status: "failed" }),
  event("action", {
    messageId: "m1",
    actionId: "a1",
    action: "recall",
    target: "carl@corp.example",
    state: "done",
    reason: null,
  }),
  event("action", {
    messageId: "m1",
    actionId: "a2",
    action: "recall",
    target: "bob@out.example",
    state: "not-possible",
    reason: "external-recipient",
  }),
  event("quarantine", { messageId: "m1", quarantineId: "q1", state: "held", by: "system", reason: null }),
  event("quarantine", {
    messageId: "m1",
    quarantineId: "q1",
    state: "released",
    by: "dlp@corp.example",
    reason: "agreed",
  }),
  event("audit", { change: "policy-applied", by: "admin-token", revision: "9f2c" }),
  event("audit", { change: "tenant-connected", by: "admin-token", resource: "tenant", resourceId: "t1" }),
  event("coverage", {
    what: "cursor-expired",
    mailbox: "ann@corp.example",
    stage: "sent",
    since: "2026-11-30T20:00:00.000Z",
  }),
];
