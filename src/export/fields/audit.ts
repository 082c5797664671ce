import { bodyOf } from "../../core/event-bodies.ts";
import type { EventRecord } from "../../core/records.ts";
import { COMMON_FIELDS, type Field } from "./field.ts";

/** `audit_logs`: administrators' changes, and gaps in what is seen or delivered. */
export const AUDIT_FIELDS: readonly Field[] = [
  ...COMMON_FIELDS,
  {
    name: "Category",
    type: "string",
    about: "`admin` for a change by an administrator, `coverage` for a gap.",
    example: "admin",
    of: (event) => (event.kind === "audit" ? "admin" : "coverage"),
  },
  {
    name: "ActionType",
    type: "string",
    about: "What happened, for instance `policy-applied`, `tenant-connected`, `cursor-expired`, `export-loss`.",
    example: "policy-applied",
    of: (event) => bodyOf(event, "audit")?.change ?? bodyOf(event, "coverage")?.what ?? null,
  },
  {
    name: "ActorID",
    type: "string",
    about: "Who did it; `admin-token` is automation with the administrator's token, `system` the service itself.",
    example: "admin-token",
    of: (event) => bodyOf(event, "audit")?.by ?? "system",
  },
  {
    name: "ResourceType",
    type: "string",
    about: "Kind of the thing that was changed; null when `ActionType` says it.",
    example: "tenant",
    of: (event) => bodyOf(event, "audit")?.resource ?? null,
  },
  {
    name: "ResourceID",
    type: "string",
    about: "Its id.",
    example: "0192f69f-aaaa-7bbb-8ccc-1234567890ab",
    of: (event) => bodyOf(event, "audit")?.resourceId ?? null,
  },
  {
    name: "Metadata",
    type: "object",
    about: "What else is known, by `ActionType`; never a secret or content.",
    example: { revision: "9f2c1d5e8a7b6c43" },
    of: metadataOf,
  },
];

const NAMED = new Set(["change", "what", "by", "resource", "resourceId"]);

/** Facts of the body that have no field of their own. */
export function metadataOf(event: EventRecord): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(event.body).filter(([name]) => !NAMED.has(name)));
}
