import { type ActionBody, bodyOf } from "../../core/event-bodies.ts";
import { COMMON_FIELDS, type Field } from "./field.ts";

/** `email_dlp_actions`: one record for each action that reached its end. */
export const ACTIONS_FIELDS: readonly Field[] = [
  ...COMMON_FIELDS,
  field(
    "FindingID",
    "Id of the message's record, as in `email_dlp_findings`.",
    "0192f6a0-1111-7222-8333-444455556666",
    (a) => a.messageId,
  ),
  field("ActionID", "Id of the action.", "5f6a0c", (a) => a.actionId),
  field(
    "Action",
    "`label`, `stamp-header`, `hold`, `quarantine`, `recall`, `encrypt`, `return-to-sender`, `send-released`, `send-allowed`, `restore`, `purge`, `notify`.",
    "recall",
    (a) => a.action,
  ),
  field("Target", "Mailbox or address that it was about.", "carl@corp.example", (a) => a.target),
  field("Outcome", "`done`, `failed`, `not-possible`.", "done", (a) => a.state),
  field(
    "Reason",
    "Why not, a code such as `external-recipient`; null when done.",
    "external-recipient",
    (a) => a.reason,
  ),
];

function field(name: string, about: string, example: string, of: (body: ActionBody) => string | null): Field {
  return {
    name,
    type: "string",
    about,
    example,
    of: (event) => {
      const body = bodyOf(event, "action");
      return body === undefined ? null : of(body);
    },
  };
}
