import type { Dataset } from "../core/export.ts";
import type { EventRecord } from "../core/records.ts";
import { ACTIONS_FIELDS } from "./fields/actions.ts";
import { AUDIT_FIELDS } from "./fields/audit.ts";
import type { Field } from "./fields/field.ts";
import { FINDINGS_FIELDS } from "./fields/findings.ts";
import { QUARANTINE_FIELDS } from "./fields/quarantine.ts";

/** Every field of each data set, in the order in which they are written. */
export const FIELDS: Readonly<Record<Dataset, readonly Field[]>> = {
  email_dlp_findings: FINDINGS_FIELDS,
  email_dlp_actions: ACTIONS_FIELDS,
  quarantine_events: QUARANTINE_FIELDS,
  audit_logs: AUDIT_FIELDS,
};

const DATASET_OF: Readonly<Record<EventRecord["kind"], Dataset>> = {
  verdict: "email_dlp_findings",
  action: "email_dlp_actions",
  quarantine: "quarantine_events",
  audit: "audit_logs",
  coverage: "audit_logs",
};

export function datasetOf(event: Pick<EventRecord, "kind">): Dataset {
  return DATASET_OF[event.kind];
}

/** The kinds of event that a data set is made of. */
export function kindsOf(dataset: Dataset): readonly EventRecord["kind"][] {
  const kinds = Object.keys(DATASET_OF) as EventRecord["kind"][];
  return kinds.filter((kind) => DATASET_OF[kind] === dataset);
}
