import type { EventRecord } from "../../core/records.ts";

export type FieldType = "string" | "int" | "bool" | "time" | "array[string]" | "array[object]" | "object";

/** One field of a data set. */
export interface Field {
  /** PascalCase; the name that a public data set has for the same thing, where there is one. */
  readonly name: string;
  /** Null stands for what an event does not have, whatever the type. */
  readonly type: FieldType;
  /** One sentence for docs/events.md. */
  readonly about: string;
  readonly example: unknown;
  /** A `Date` for `time`: the job says how times are written. */
  readonly of: (event: EventRecord) => unknown;
}

/** Fields that every data set begins with. */
export const COMMON_FIELDS: readonly Field[] = [
  {
    name: "EventID",
    type: "string",
    about: "Id of the event; never changes, also in a repeat or a backfill.",
    example: "0192f6a0-5b1e-7cc3-9d3a-0f6f2f7c1a11",
    of: (event) => event.id,
  },
  {
    name: "AccountID",
    type: "string",
    about: "Postern's id of the tenant; `installation` for what concerns all of them.",
    example: "0192f69f-aaaa-7bbb-8ccc-1234567890ab",
    of: (event) => event.tenantId,
  },
  {
    name: "Sequence",
    type: "int",
    about: "Counts up without gaps within the tenant, over all data sets.",
    example: 4711,
    of: (event) => event.sequence,
  },
  {
    name: "Timestamp",
    type: "time",
    about: "When it happened.",
    example: "2026-11-30T21:45:00.123Z",
    of: (event) => event.at,
  },
  {
    name: "Truncated",
    type: "bool",
    about: "True when lists were cut because the destination found the record too large; counts are complete.",
    example: false,
    of: (event) => event.body.truncated === true,
  },
];
