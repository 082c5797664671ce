import type { ActionOutcome } from "../core/action.ts";
import type { ActionBody, QuarantineBody, VerdictBody } from "../core/event-bodies.ts";
import type { NewAction, NewScan, QuarantineTransition } from "../core/records.ts";
import type { NewEvent } from "./event-log.ts";

/** An event stays well under 256 KiB, the most that common SIEM inputs take; the message's record has the rest. */
const MAX_FINDINGS = 100;
const MAX_RECIPIENTS = 500;
const MAX_PROBLEMS = 100;

/** What a scan says to the outside: ids, verdicts, masked samples and subject; no text. Found values only sealed. */
export function verdictEvent(messageId: string, { record, sealedEvidence }: NewScan): NewEvent {
  return {
    kind: "verdict",
    body: {
      messageId,
      provider: record.ref.provider,
      mailbox: record.ref.mailbox,
      providerMessageId: record.ref.messageId,
      internetMessageId: record.internetMessageId,
      stage: record.stage,
      trigger: record.trigger,
      sender: record.sender,
      subject: record.subject,
      verdict: record.verdict,
      status: record.status,
      policyRevision: record.policyRevision,
      recipients: record.recipients.slice(0, MAX_RECIPIENTS),
      recipientCount: record.recipients.length,
      findings: record.findings.slice(0, MAX_FINDINGS),
      findingCount: record.findings.length,
      problems: record.problems.slice(0, MAX_PROBLEMS).map(({ part, code }) => ({ part, code })),
      monitored: record.monitored,
      ...(sealedEvidence ? { evidence: sealedEvidence } : {}),
    } satisfies VerdictBody,
  };
}

/** An action reached its end, or was known from the start to be impossible. */
export function actionEvent(
  messageId: string,
  action: Pick<NewAction, "id" | "kind" | "target">,
  end: Pick<ActionOutcome, "state" | "reason">,
): NewEvent {
  return {
    kind: "action",
    body: {
      messageId,
      actionId: action.id,
      action: action.kind,
      target: action.target,
      state: end.state,
      reason: end.reason,
    } satisfies ActionBody,
  };
}

/** A copy was taken into quarantine, or left it. */
export function quarantineEvent(messageId: string, quarantineId: string, change: QuarantineTransition): NewEvent {
  return {
    kind: "quarantine",
    body: {
      messageId,
      quarantineId,
      state: change.state,
      by: change.by,
      reason: change.reason,
    } satisfies QuarantineBody,
  };
}
