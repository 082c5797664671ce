import { z } from "zod";
import type { Dataset } from "../core/export.ts";
import { FIELDS } from "./datasets.ts";
import { TIMESTAMP_FORMATS } from "./timestamp.ts";

export const OUTPUT_TYPES = ["ndjson", "csv", "ocsf", "ecs", "cef"] as const;
export type OutputType = (typeof OUTPUT_TYPES)[number];

const text = z.string().max(1_000);

/** Logpush's `output_options`, with three more output types and `privacy`. */
export const outputOptionsSchema = z.strictObject({
  output_type: z.enum(OUTPUT_TYPES).default("ndjson").describe("native as ndjson or csv, OCSF 1.8, ECS, CEF"),
  field_names: z.array(z.string()).min(1).max(200).optional().describe("native formats; all fields when absent"),
  timestamp_format: z.enum(TIMESTAMP_FORMATS).default("rfc3339").describe("native formats"),
  batch_prefix: text.default(""),
  batch_suffix: text.default(""),
  record_prefix: text.optional().describe("`{` for ndjson, else nothing"),
  record_suffix: text.optional().describe("`}` and a line break for ndjson, else a line break"),
  record_delimiter: text.default(""),
  field_delimiter: text.default(","),
  record_template: z
    .string()
    .max(10_000)
    .optional()
    .describe("constant text and {{ .Field }}; instead of prefix and fields"),
  sample_rate: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe("share of the events that pass the filter, chosen by their id"),
  "CVE-2021-44228": z.boolean().default(false).describe("writes x{ for ${"),
  privacy: z
    .enum(["masked", "hash", "omit"])
    .default("masked")
    .describe("subject and attachment names: with found values masked, as a keyed hash, or left out"),
});
export type OutputOptions = z.output<typeof outputOptionsSchema>;

/** Names in `field_names` or the template that the data set does not have. */
export function optionFaults(options: OutputOptions, dataset: Dataset): readonly string[] {
  const known = new Set(FIELDS[dataset].map(({ name }) => name));
  return (options.field_names ?? [])
    .filter((name) => !known.has(name))
    .map((name) => `field_names: ${dataset} has no field ${name}`);
}

/** As written when the job says nothing. */
export const DEFAULT_OUTPUT: OutputOptions = outputOptionsSchema.parse({});
