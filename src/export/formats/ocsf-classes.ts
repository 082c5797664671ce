import type { ActionBody, QuarantineBody, VerdictBody } from "../../core/event-bodies.ts";
import type { EventRecord } from "../../core/records.ts";
import { ruleIds, verdictTitle } from "../fields/verdict-facts.ts";

/** The part of an OCSF event that depends on its class; `ocsf.ts` adds what all have. */
export interface OcsfEvent {
  readonly class_uid: number;
  readonly class_name: string;
  readonly category_uid: number;
  readonly activity_id: number;
  readonly severity_id: number;
  readonly unmapped?: Readonly<Record<string, unknown>>;
  readonly [attribute: string]: unknown;
}

const FINDING = { class_uid: 2006, class_name: "Data Security Finding", category_uid: 2 } as const;
/** Application-Level DLP. */
const DETECTION_SYSTEM = 10;

/** Severity, and what the control did: action 1 allowed, 2 denied, 3 observed, 4 modified. */
const VERDICTS = {
  allow: { severity_id: 1, action_id: 1, disposition_id: 1 },
  warn: { severity_id: 3, action_id: 3, disposition_id: 19 },
  "must-encrypt": { severity_id: 3, action_id: 4, disposition_id: 14 },
  quarantine: { severity_id: 4, action_id: 2, disposition_id: 3 },
  block: { severity_id: 4, action_id: 2, disposition_id: 2 },
} as const;
/** Observed, detected: the mail had left; what was still done about it are findings of their own. */
const TOO_LATE = { action_id: 3, disposition_id: 15 } as const;
const CONFIDENCE = { low: 1, medium: 2, high: 3 } as const;
const LEVELS = ["low", "medium", "high"] as const;
const SCAN_STATUS = { complete: 1, partial: 2, failed: 3 } as const;

export function verdictFinding(event: EventRecord, body: VerdictBody): OcsfEvent {
  const { findings } = body;
  const detectors = [...new Set(findings.map(({ detector }) => detector))];
  const highest = LEVELS.findLast((level) => findings.some(({ confidence }) => confidence === level));
  return {
    ...FINDING,
    activity_id: 1,
    ...control(body),
    ...(highest === undefined ? {} : { confidence_id: CONFIDENCE[highest] }),
    status_id: 1,
    is_alert: body.verdict !== "allow",
    finding_info: {
      uid: body.messageId,
      title: verdictTitle(body),
      types: detectors,
      created_time: event.at.getTime(),
    },
    data_security: {
      detection_system_id: DETECTION_SYSTEM,
      data_lifecycle_state_id: lifecycle(body),
      status_id: SCAN_STATUS[body.status],
      policy: { uid: ruleIds(body)[0], version: body.policyRevision, is_applied: body.verdict !== "allow" },
      total: findings.reduce((sum, { occurrences }) => sum + occurrences, 0),
      discovery_details: findings.map(({ detector, occurrences }) => ({ type: detector, count: occurrences })),
      ...(detectors[0] === undefined ? {} : { detection_pattern: detectors.join(",") }),
      ...(findings[0]?.masked[0] === undefined ? {} : { pattern_match: findings[0].masked[0] }),
    },
    actor: { user: { email_addr: body.sender } },
    resources: [{ type: "email", uid: body.internetMessageId ?? body.providerMessageId, name: "message" }],
    unmapped: {
      recipient_verdicts: body.recipients.map(({ address, verdict, rules }) => ({ address, verdict, rules })),
      findings: findings.map(({ part, detector, count, confidence, masked }) => ({
        part,
        detector,
        count,
        confidence,
        masked,
      })),
      scan_reasons: body.problems,
      simulation: body.monitored,
      ...(body.evidence === undefined ? {} : { evidence: body.evidence }),
    },
  };
}

export function emailActivity(body: VerdictBody): OcsfEvent {
  return {
    class_uid: 4009,
    class_name: "Email Activity",
    category_uid: 4,
    activity_id: 3,
    ...control(body),
    direction_id: 2,
    email: {
      uid: body.providerMessageId,
      from: body.sender,
      to: body.recipients.map(({ address }) => address),
      ...(body.internetMessageId === null ? {} : { message_uid: body.internetMessageId }),
      ...(body.subject === undefined ? {} : { subject: body.subject }),
    },
  };
}

/** What an action that was done is to OCSF: modified, denied or observed. */
const ACTIONS: Readonly<Record<ActionBody["action"], { readonly action_id: number; readonly disposition_id: number }>> =
  {
    label: { action_id: 4, disposition_id: 18 },
    "stamp-header": { action_id: 4, disposition_id: 18 },
    hold: { action_id: 4, disposition_id: 14 },
    quarantine: { action_id: 2, disposition_id: 3 },
    recall: { action_id: 2, disposition_id: 3 },
    encrypt: { action_id: 4, disposition_id: 11 },
    "return-to-sender": { action_id: 2, disposition_id: 25 },
    "send-released": { action_id: 1, disposition_id: 8 },
    "send-allowed": { action_id: 1, disposition_id: 1 },
    restore: { action_id: 1, disposition_id: 9 },
    purge: { action_id: 2, disposition_id: 5 },
    notify: { action_id: 3, disposition_id: 19 },
  };
/** Observed, error: what was not done is never shown as done. */
const NOT_DONE = { action_id: 3, disposition_id: 27 } as const;

export function actionFinding(event: EventRecord, body: ActionBody): OcsfEvent {
  return {
    ...FINDING,
    activity_id: 2,
    severity_id: body.state === "done" ? 1 : 3,
    ...(body.state === "done" ? ACTIONS[body.action] : NOT_DONE),
    status_id: 2,
    message: `${body.action}: ${body.state}`,
    ...(body.reason === null ? {} : { status_detail: body.reason }),
    finding_info: { uid: body.messageId, title: `Action ${body.action}`, modified_time: event.at.getTime() },
    unmapped: { action_uid: body.actionId, target: body.target, state: body.state },
  };
}

const STATES = {
  held: { activity_id: 2, action_id: 2, disposition_id: 3, status_id: 2 },
  released: { activity_id: 3, action_id: 1, disposition_id: 8, status_id: 4 },
  deleted: { activity_id: 3, action_id: 2, disposition_id: 5, status_id: 4 },
  expired: { activity_id: 3, action_id: 2, disposition_id: 5, status_id: 4 },
} as const;

export function quarantineFinding(event: EventRecord, body: QuarantineBody): OcsfEvent {
  return {
    ...FINDING,
    severity_id: 1,
    ...STATES[body.state],
    message: `quarantined mail ${body.state}`,
    ...(body.reason === null ? {} : { comment: body.reason }),
    actor: { user: { name: body.by } },
    finding_info: { uid: body.messageId, title: `Quarantined mail ${body.state}`, modified_time: event.at.getTime() },
    unmapped: { quarantine_uid: body.quarantineId, state: body.state },
  };
}

/** A verdict on mail that was sent already has blocked nothing. */
function control({ verdict, stage }: VerdictBody): {
  readonly severity_id: number;
  readonly action_id: number;
  readonly disposition_id: number;
} {
  const usual = VERDICTS[verdict];
  return stage === "sent" && verdict !== "allow" && verdict !== "warn" ? { ...usual, ...TOO_LATE } : usual;
}

/** 1 at rest (retro scan), 2 in transit, 3 in use (being written). */
function lifecycle({ stage, trigger }: VerdictBody): number {
  if (trigger === "backfill") return 1;
  return stage === "draft" || stage === "compose" ? 3 : 2;
}
