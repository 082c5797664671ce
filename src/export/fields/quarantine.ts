import { bodyOf, type QuarantineBody } from "../../core/event-bodies.ts";
import { COMMON_FIELDS, type Field } from "./field.ts";

/** `quarantine_events`: one record for each change of a quarantined message. */
export const QUARANTINE_FIELDS: readonly Field[] = [
  ...COMMON_FIELDS,
  field(
    "FindingID",
    "Id of the message's record, as in `email_dlp_findings`.",
    "0192f6a0-1111-7222-8333-444455556666",
    (q) => q.messageId,
  ),
  field(
    "QuarantineID",
    "Id of the quarantined message in the API.",
    "0192f6a0-7777-7888-8999-aaaabbbbcccc",
    (q) => q.quarantineId,
  ),
  field("State", "`held`, `released`, `deleted`, `expired`.", "released", (q) => q.state),
  field("By", "Person who decided, or `system`.", "dlp@corp.example", (q) => q.by),
  field("Reason", "What the person wrote; null when nothing.", "agreed with customer", (q) => q.reason),
];

function field(name: string, about: string, example: string, of: (body: QuarantineBody) => string | null): Field {
  return {
    name,
    type: "string",
    about,
    example,
    of: (event) => {
      const body = bodyOf(event, "quarantine");
      return body === undefined ? null : of(body);
    },
  };
}
