import { bodyOf, type VerdictBody } from "../../core/event-bodies.ts";
import type { Dataset } from "../../core/export.ts";
import type { EventRecord } from "../../core/records.ts";
import { datasetOf, FIELDS } from "../datasets.ts";
import { CEF_SEVERITY, ruleIds, verdictTitle } from "../fields/verdict-facts.ts";
import { backfillMark, type Format } from "../format.ts";

const ECS_VERSION = "9.4.0";

/** `event.dataset` names begin with the module's name. */
const DATASET_NAMES: Readonly<Record<Dataset, string>> = {
  email_dlp_findings: "postern.findings",
  email_dlp_actions: "postern.actions",
  quarantine_events: "postern.quarantine",
  audit_logs: "postern.audit",
};

/** Elastic Common Schema. What it has no field for is under `postern.*`, with the names of the data set. */
export const ecs: Format = (event, { version, run }) => {
  const { event: facts, ...rest } = describe(event);
  const document = {
    "@timestamp": event.at.toISOString(),
    ecs: { version: ECS_VERSION },
    event: {
      id: event.id,
      sequence: event.sequence,
      created: event.at.toISOString(),
      module: "postern",
      dataset: DATASET_NAMES[datasetOf(event)],
      ...facts,
    },
    organization: { id: event.tenantId },
    observer: { vendor: "Postern", product: "Postern", type: "dlp", version },
    ...rest,
    postern: { ...ownFields(event), ...(run === undefined ? {} : { export: backfillMark(run) }) },
  };
  return [{ text: JSON.stringify(document) }];
};

interface Description {
  readonly event: Readonly<Record<string, unknown>>;
  readonly [group: string]: unknown;
}

function describe(event: EventRecord): Description {
  const verdict = bodyOf(event, "verdict");
  if (verdict) return ofVerdict(verdict);
  const action = bodyOf(event, "action");
  if (action)
    return {
      event: {
        kind: "event",
        category: ["email"],
        type: ["info"],
        action: action.action,
        outcome: action.state === "done" ? "success" : "failure",
        ...(action.reason === null ? {} : { reason: action.reason }),
      },
      related: { user: [action.target] },
    };
  const quarantine = bodyOf(event, "quarantine");
  if (quarantine)
    return {
      event: {
        kind: "event",
        category: ["email"],
        type: ["info"],
        action: `quarantine-${quarantine.state}`,
        outcome: "success",
        ...(quarantine.reason === null ? {} : { reason: quarantine.reason }),
      },
      user: { name: quarantine.by },
    };
  const audit = bodyOf(event, "audit");
  if (audit)
    return {
      event: { kind: "event", category: ["configuration"], type: ["change"], action: audit.change, outcome: "success" },
      user: { name: audit.by },
    };
  return {
    event: {
      kind: "event",
      category: ["email"],
      type: ["info"],
      action: bodyOf(event, "coverage")?.what ?? "gap",
      outcome: "failure",
    },
  };
}

function ofVerdict(body: VerdictBody): Description {
  const rules = ruleIds(body);
  const addresses = body.recipients.map(({ address }) => address);
  return {
    message: verdictTitle(body),
    event: {
      kind: body.verdict === "allow" ? "event" : "alert",
      category: ["email"],
      type: ["info"],
      action: body.verdict,
      outcome: body.status === "failed" ? "failure" : "success",
      severity: CEF_SEVERITY[body.verdict],
    },
    email: {
      direction: "outbound",
      from: { address: [body.sender] },
      sender: { address: body.sender },
      to: { address: addresses },
      local_id: body.providerMessageId,
      ...(body.internetMessageId === null ? {} : { message_id: body.internetMessageId }),
      ...(body.subject === undefined ? {} : { subject: body.subject }),
    },
    user: { email: body.mailbox, domain: body.mailbox.slice(body.mailbox.lastIndexOf("@") + 1) },
    related: { user: [...new Set([body.sender, body.mailbox, ...addresses])] },
    ...(rules[0] === undefined ? {} : { rule: { id: rules[0], ruleset: body.policyRevision } }),
  };
}

function ownFields(event: EventRecord): Record<string, unknown> {
  return Object.fromEntries(FIELDS[datasetOf(event)].map(({ name, of }) => [name, of(event)]));
}
