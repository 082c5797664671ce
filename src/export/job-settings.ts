import { z } from "zod";
import { DATASETS, type Dataset } from "../core/export.ts";
import { type Filter, filterFaults, filterSchema } from "./filter.ts";
import { type OutputOptions, optionFaults, outputOptionsSchema } from "./output-options.ts";

/** What a job's `settings` hold. Upload limits count before compression; whichever is reached first ends a batch. */
export interface JobSettings {
  readonly output: OutputOptions;
  readonly filter: Filter | null;
  readonly maxUploadBytes: number;
  readonly maxUploadRecords: number;
  readonly maxUploadIntervalSeconds: number;
}

/** Logpush sends a filter as JSON text; an object is taken too. `readFilter` judges it: OpenAPI cannot nest itself here. */
const filterInput = z
  .union([z.record(z.string(), z.unknown()), z.string().max(10_000)])
  .nullable()
  .describe("which records are exported; the object or its JSON text");

/** A batch is held in memory once as text and once compressed. */
const MOST_BYTES = 100_000_000;

const limits = {
  max_upload_bytes: z.number().int().min(1_000).max(MOST_BYTES).default(5_000_000),
  max_upload_records: z.number().int().min(1).max(1_000_000).default(10_000),
  max_upload_interval_seconds: z.number().int().min(1).max(300).default(1).describe("of the oldest record in a batch"),
};

/** Body of `POST /api/v1/export-jobs`. */
export const newJobSchema = z.strictObject({
  name: z.string().trim().min(1).max(200),
  dataset: z.enum(DATASETS),
  enabled: z.boolean().default(true),
  tenant: z.string().max(200).nullable().default(null).describe("only this tenant's events; null for all"),
  destination_conf: z.string().min(1).max(4_096),
  ownership_challenge: z.string().max(1_000).optional().describe("for S3 itself; see /export-jobs/ownership"),
  output_options: outputOptionsSchema.prefault({}),
  filter: filterInput.default(null),
  ...limits,
});
export type NewJob = z.output<typeof newJobSchema>;

/** Body of `PATCH /api/v1/export-jobs/{id}`: what is left out stays as it is. */
export const jobChangeSchema = z.strictObject({
  name: z.string().trim().min(1).max(200).optional(),
  enabled: z.boolean().optional().describe("false pauses; nothing is lost meanwhile"),
  destination_conf: z.string().min(1).max(4_096).optional(),
  ownership_challenge: z.string().max(1_000).optional(),
  output_options: outputOptionsSchema.optional(),
  filter: filterInput.optional(),
  max_upload_bytes: limits.max_upload_bytes.removeDefault().optional(),
  max_upload_records: limits.max_upload_records.removeDefault().optional(),
  max_upload_interval_seconds: limits.max_upload_interval_seconds.removeDefault().optional(),
});
export type JobChange = z.output<typeof jobChangeSchema>;

/** The filter as an object, or what is wrong with its text. */
export function readFilter(input: NewJob["filter"]): {
  readonly filter: Filter | null;
  readonly faults: readonly string[];
} {
  if (input === null || input === "") return { filter: null, faults: [] };
  try {
    const parsed = filterSchema.safeParse(typeof input === "string" ? JSON.parse(input) : input);
    if (parsed.success) return { filter: parsed.data, faults: [] };
  } catch {
    // Said below.
  }
  return { filter: null, faults: ['filter: JSON of the form {"where":…} with and, or, and {key, operator, value}'] };
}

/** Names that the data set does not have, and filters that cannot match. */
export function settingsFaults(
  { output, filter }: Pick<JobSettings, "output" | "filter">,
  dataset: Dataset,
): readonly string[] {
  return [...optionFaults(output, dataset), ...(filter === null ? [] : filterFaults(filter, dataset))];
}

/** Reads what `ExportJob.settings` holds; options that were added since get their defaults. */
export function storedSettings(settings: Readonly<Record<string, unknown>>): JobSettings {
  return z
    .object({
      output: outputOptionsSchema,
      filter: filterSchema.nullable(),
      maxUploadBytes: z.number(),
      maxUploadRecords: z.number(),
      maxUploadIntervalSeconds: z.number(),
    })
    .parse(settings);
}
