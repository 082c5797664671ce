import type { ColumnType, Generated } from "kysely";
import type { Dataset } from "../core/export.ts";
import type { ExportRun } from "../core/export-store.ts";

type BigInteger = ColumnType<string | number, number, number>;
type Counter = ColumnType<string | number, number | undefined, number>;

/** Tables of the export room, part of `Tables`. */
export interface ExportTables {
  readonly export_jobs: ExportJobsTable;
  readonly export_runs: ExportRunsTable;
  readonly export_positions: ExportPositionsTable;
  readonly export_dead_letters: ExportDeadLettersTable;
}

export interface ExportJobsTable {
  id: string;
  name: string;
  dataset: Dataset;
  enabled: boolean;
  tenant_id: string | null;
  settings: ColumnType<Readonly<Record<string, unknown>>, string, string>;
  sealed_destination: string;
  shown_destination: string;
  created_at: Date;
  updated_at: Date;
  batches: Counter;
  retries: Counter;
  parked: Counter;
  lines: Counter;
  bytes: Counter;
  last_complete: ColumnType<Date | null, Date | undefined, Date>;
  last_error: ColumnType<Date | null, Date | undefined, Date>;
  error_message: ColumnType<string | null, string | undefined, string | null>;
}

export interface ExportRunsTable {
  id: string;
  job_id: string;
  kind: ExportRun["kind"];
  since: Date | null;
  until: Date | null;
  state: ExportRun["state"];
  created_at: Date;
}

export interface ExportPositionsTable {
  run_id: string;
  tenant_id: string;
  first: BigInteger | null;
  sequence: BigInteger;
  last: BigInteger | null;
  batch_end: ColumnType<string | number | null, number | undefined, number | null>;
}

export interface ExportDeadLettersTable {
  id: string;
  job_id: string;
  run_id: string;
  tenant_id: string;
  first_sequence: BigInteger;
  last_sequence: BigInteger;
  reason: string;
  at: Date;
  retrying: Generated<boolean>;
}
