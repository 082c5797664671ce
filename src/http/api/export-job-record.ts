import { z } from "zod";
import { DATASETS } from "../../core/export.ts";
import type { ExportDeadLetter, ExportJob, ExportRun } from "../../core/export-store.ts";
import { storedSettings } from "../../export/job-settings.ts";
import { outputOptionsSchema } from "../../export/output-options.ts";

const time = z.iso.datetime();

/** Logpush's object, with health in place of a separate API. */
export const jobSchema = z.object({
  id: z.string(),
  name: z.string(),
  dataset: z.enum(DATASETS),
  enabled: z.boolean(),
  tenant: z.string().nullable(),
  destination_conf: z.string().describe("secrets are ***"),
  output_options: outputOptionsSchema,
  filter: z.record(z.string(), z.unknown()).nullable(),
  max_upload_bytes: z.number(),
  max_upload_records: z.number(),
  max_upload_interval_seconds: z.number(),
  last_complete: time.nullable(),
  last_error: time.nullable(),
  error_message: z.string().nullable().describe("code of the last failure; null after a success"),
  health: z.object({
    batches: z.number().int(),
    retries: z.number().int(),
    parked: z.number().int().describe("given up into the dead letters"),
    lines: z.number().int(),
    bytes: z.number().int().describe("before compression"),
    lag_seconds: z.number().describe("age of the oldest event that was not read for this job"),
  }),
  created_at: time,
});

export function showJob(job: ExportJob, oldestWaiting: Date | null, now: Date): z.output<typeof jobSchema> {
  const { output, filter, ...limits } = storedSettings(job.settings);
  const { batches, retries, parked, lines, bytes, lastComplete, lastError, errorMessage } = job.health;
  return {
    id: job.id,
    name: job.name,
    dataset: job.dataset,
    enabled: job.enabled,
    tenant: job.tenantId,
    destination_conf: job.shownDestination,
    output_options: output,
    filter: filter && { ...filter },
    max_upload_bytes: limits.maxUploadBytes,
    max_upload_records: limits.maxUploadRecords,
    max_upload_interval_seconds: limits.maxUploadIntervalSeconds,
    last_complete: lastComplete?.toISOString() ?? null,
    last_error: lastError?.toISOString() ?? null,
    error_message: errorMessage,
    health: {
      batches,
      retries,
      parked,
      lines,
      bytes,
      lag_seconds: oldestWaiting === null ? 0 : Math.max(0, (now.getTime() - oldestWaiting.getTime()) / 1_000),
    },
    created_at: job.createdAt.toISOString(),
  };
}

export const runSchema = z.object({
  id: z.string(),
  job: z.string(),
  from: time,
  to: time,
  state: z.enum(["running", "done", "cancelled"]),
  done: z.number().int().describe("events read so far"),
  total: z.number().int(),
  created_at: time,
});

export function showRun(run: ExportRun): z.input<typeof runSchema> {
  return {
    id: run.id,
    job: run.jobId,
    from: (run.since ?? run.createdAt).toISOString(),
    to: (run.until ?? run.createdAt).toISOString(),
    state: run.state,
    done: run.done,
    total: run.total,
    created_at: run.createdAt.toISOString(),
  };
}

export const exportDeadLetterSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  run: z.string().describe("the job's id for live delivery"),
  first_sequence: z.number().int(),
  last_sequence: z.number().int(),
  reason: z.string(),
  at: time,
});

export function showExportDeadLetter(letter: ExportDeadLetter): z.input<typeof exportDeadLetterSchema> {
  return {
    id: letter.id,
    tenant: letter.tenantId,
    run: letter.runId,
    first_sequence: letter.firstSequence,
    last_sequence: letter.lastSequence,
    reason: letter.reason,
    at: letter.at.toISOString(),
  };
}
