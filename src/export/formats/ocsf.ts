import { bodyOf, type CoverageBody } from "../../core/event-bodies.ts";
import type { EventRecord } from "../../core/records.ts";
import { datasetOf } from "../datasets.ts";
import { metadataOf } from "../fields/audit.ts";
import { backfillMark, type Format, type FormatContext } from "../format.ts";
import { actionFinding, emailActivity, type OcsfEvent, quarantineFinding, verdictFinding } from "./ocsf-classes.ts";

const OCSF_VERSION = "1.8.0";

/** OCSF 1.8. A verdict gives a Data Security Finding (2006) and, with the same correlation uid, an Email Activity (4009). */
export const ocsf: Format = (event, context) => {
  const verdict = bodyOf(event, "verdict");
  if (verdict)
    return [
      { text: complete(event, verdictFinding(event, verdict), context, verdict.messageId) },
      { suffix: "-activity", text: complete(event, emailActivity(verdict), context, verdict.messageId, "-activity") },
    ];
  const action = bodyOf(event, "action");
  if (action) return [{ text: complete(event, actionFinding(event, action), context, action.messageId) }];
  const quarantine = bodyOf(event, "quarantine");
  if (quarantine)
    return [{ text: complete(event, quarantineFinding(event, quarantine), context, quarantine.messageId) }];
  const audit = bodyOf(event, "audit");
  return [{ text: complete(event, audit ? auditEntry(event) : gap(bodyOf(event, "coverage")), context) }];
};

function complete(
  event: EventRecord,
  { unmapped = {}, ...own }: OcsfEvent,
  { version, run }: FormatContext,
  correlation?: string,
  suffix = "",
): string {
  const extra = run === undefined ? unmapped : { ...unmapped, export: backfillMark(run) };
  return JSON.stringify({
    ...own,
    type_uid: own.class_uid * 100 + own.activity_id,
    time: event.at.getTime(),
    metadata: {
      version: OCSF_VERSION,
      product: { name: "Postern", vendor_name: "Postern", version },
      uid: event.id + suffix,
      tenant_uid: event.tenantId,
      sequence: event.sequence,
      log_name: datasetOf(event),
      original_time: event.at.toISOString(),
      profiles: "disposition_id" in own ? ["security_control"] : [],
      ...(correlation === undefined ? {} : { correlation_uid: correlation }),
    },
    ...(Object.keys(extra).length === 0 ? {} : { unmapped: extra }),
  });
}

/** First words of a change's name that are no update. */
const ACTIVITIES: readonly (readonly [ending: RegExp, activity: number])[] = [
  [/-(created|connected|added)$/, 1],
  [/-(deleted|disconnected|removed)$/, 4],
];

/** Entity Management (3004): an administrator's change. */
function auditEntry(event: EventRecord): OcsfEvent {
  const audit = bodyOf(event, "audit");
  const change = audit?.change ?? "changed";
  return {
    class_uid: 3004,
    class_name: "Entity Management",
    category_uid: 3,
    activity_id: ACTIVITIES.find(([ending]) => ending.test(change))?.[1] ?? 3,
    severity_id: 1,
    message: change,
    actor: { user: { name: audit?.by ?? "unknown" } },
    entity: { name: audit?.resource ?? change, type: audit?.resource ?? "configuration", uid: audit?.resourceId },
    unmapped: metadataOf(event),
  };
}

/** Application Error (6008): something was not seen or not delivered. */
function gap(body: CoverageBody | undefined): OcsfEvent {
  const { what = "gap", ...facts } = body ?? {};
  return {
    class_uid: 6008,
    class_name: "Application Error",
    category_uid: 6,
    activity_id: 1,
    severity_id: 3,
    message: String(what),
    unmapped: facts,
  };
}
