import type { Dataset } from "./export.ts";
import type { Page, PageRequest } from "./store.ts";

/** An export job as stored. What stands in `settings` is the export room's own. */
export interface ExportJob {
  readonly id: string;
  readonly name: string;
  readonly dataset: Dataset;
  readonly enabled: boolean;
  /** Only this tenant's events; null for all, and for what concerns the installation. */
  readonly tenantId: string | null;
  /** `output_options`, `filter` and upload limits, as JSON. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The `destination_conf`, sealed: it may carry secrets. */
  readonly sealedDestination: string;
  /** The same with its secrets hidden. */
  readonly shownDestination: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly health: ExportHealth;
}

export interface ExportHealth {
  /** Uploads that were accepted, were tried again, and were given up into the dead letters. */
  readonly batches: number;
  readonly retries: number;
  readonly parked: number;
  readonly lines: number;
  /** Before compression. */
  readonly bytes: number;
  readonly lastComplete: Date | null;
  readonly lastError: Date | null;
  /** Code of the last failure; null after a success. */
  readonly errorMessage: string | null;
}

export type ExportJobChange = Partial<
  Pick<ExportJob, "name" | "enabled" | "settings" | "sealedDestination" | "shownDestination">
>;

/** One reading of the events for a job: the live one (its id is the job's), or a backfill. */
export interface ExportRun {
  readonly id: string;
  readonly jobId: string;
  readonly kind: "live" | "backfill";
  /** Window of a backfill. */
  readonly since: Date | null;
  readonly until: Date | null;
  readonly state: "running" | "done" | "cancelled";
  /** Events read so far, and in all; of the live run 0. */
  readonly done: number;
  readonly total: number;
  readonly createdAt: Date;
}

/** How far a run has come in one tenant's events. */
export interface ExportPosition {
  readonly tenantId: string;
  /** Everything up to it is delivered or in the dead letters. */
  readonly sequence: number;
  /** Last sequence of the batch that was begun: a repeat is the same batch. */
  readonly batchEnd: number | null;
  /** Last sequence that the run reads: the tenant's newest, or the end of the window. */
  readonly last: number;
}

/** Events that a destination would not take. They stay in the event log; this remembers which. */
export interface ExportDeadLetter {
  readonly id: string;
  readonly jobId: string;
  readonly runId: string;
  readonly tenantId: string;
  readonly firstSequence: number;
  readonly lastSequence: number;
  /** Status or code, never content. */
  readonly reason: string;
  readonly at: Date;
}

/** What a step of a run leaves behind, written in one transaction. */
export interface ExportAdvance {
  readonly from: number;
  readonly to: number;
  readonly lines: number;
  readonly bytes: number;
  readonly parked: readonly Pick<ExportDeadLetter, "firstSequence" | "lastSequence" | "reason">[];
  /** Where the next batch has to end; that of the batch that was begun when absent. */
  readonly batchEnd?: number;
}

export interface ExportStore {
  /** With its live run, which begins at the newest event of each tenant. */
  createJob(job: Omit<ExportJob, "createdAt" | "updatedAt" | "health">, now: Date): Promise<ExportJob>;
  job(id: string): Promise<ExportJob | undefined>;
  /** Newest first. */
  jobs(): Promise<readonly ExportJob[]>;
  /** False when there is no such job. */
  updateJob(id: string, change: ExportJobChange, now: Date): Promise<boolean>;
  /** With its runs, positions and dead letters. False when there is none. */
  removeJob(id: string): Promise<boolean>;
  /** When the oldest event that the live run has not delivered was written; null when it has delivered all. */
  oldestWaiting(jobId: string): Promise<Date | null>;

  /** Adds a backfill over the events that were written in the window, of one tenant or all. */
  startBackfill(
    run: Pick<ExportRun, "id" | "jobId"> & { readonly since: Date; readonly until: Date },
    now: Date,
  ): Promise<ExportRun>;
  run(id: string): Promise<ExportRun | undefined>;
  /** Of a job, newest first, without the live run. */
  backfills(jobId: string): Promise<readonly ExportRun[]>;
  /** Running runs of enabled jobs. */
  activeRuns(): Promise<readonly ExportRun[]>;
  /** From one state to another; false when it was not in `from`. */
  changeRun(id: string, from: ExportRun["state"], to: ExportRun["state"]): Promise<boolean>;

  /** Of every tenant that has events for the run. */
  positions(runId: string): Promise<readonly ExportPosition[]>;
  planBatch(runId: string, tenantId: string, batchEnd: number): Promise<void>;
  /** Moves on unless somebody else did; false then, and nothing is written. */
  advance(run: Pick<ExportRun, "id" | "jobId">, tenantId: string, step: ExportAdvance, now: Date): Promise<boolean>;
  noteFailure(jobId: string, reason: string, now: Date): Promise<void>;

  deadLetters(jobId: string, page: PageRequest): Promise<Page<ExportDeadLetter>>;
  /** The run tries it again; false when there is none. */
  retryDeadLetter(jobId: string, id: string): Promise<boolean>;
  /** Those of a run that are to be tried again. */
  retrying(runId: string): Promise<readonly ExportDeadLetter[]>;
  /** Delivered: forgotten. Failed: parked again with a reason. */
  settleDeadLetter(id: string, reason: string | null, now: Date): Promise<void>;
}
