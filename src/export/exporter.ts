import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { isPosternError } from "../core/errors.ts";
import type { Destination } from "../core/export.ts";
import type { ExportJob, ExportRun } from "../core/export-store.ts";
import type { Logger } from "../core/ports.ts";
import type { LeaseStore } from "../core/store.ts";
import { openRun, type RunDependencies } from "./run.ts";

/** How often it is looked whether jobs were added, changed or paused. */
const LOOK_EVERY_MS = 500;
/** How often a run with nothing to do looks for events. */
const IDLE_MS = 250;
/** After a failure of the database, or of settings that the operator does not allow any more. */
const TROUBLE_MS = 5_000;

export interface ExporterDependencies extends RunDependencies {
  readonly leases: LeaseStore;
  /** Another process takes over a run so long after its own went away. Renewed thrice in that time. */
  readonly leaseMs: number;
  /** @throws PosternError when the stored destination cannot be used any more. */
  readonly openDestination: (job: ExportJob) => Destination;
  readonly logger: Logger;
}

export interface Exporter {
  /** Ends uploads under way; what was not acknowledged is sent again by the next start. */
  stop(): Promise<void>;
}

interface Working {
  /** Time of the job's last change: another one starts the run anew. */
  readonly version: number;
  readonly stopping: AbortController;
  readonly ended: Promise<void>;
}

/** Works on every running run, each in a loop of its own: a destination that is slow or down delays no other. */
export function startExporter(dependencies: ExporterDependencies): Exporter {
  const { exports, leaseMs, logger } = dependencies;
  const stopping = new AbortController();
  const working = new Map<string, Working>();
  const token = randomUUID();

  async function look(): Promise<void> {
    const runs = new Map((await exports.activeRuns()).map((run) => [run.id, run]));
    const jobs = new Map((await exports.jobs()).map((job) => [job.id, job]));
    for (const [id, { version, stopping: ending, ended }] of working) {
      const job = jobs.get(runs.get(id)?.jobId ?? "");
      if (job?.updatedAt.getTime() === version) continue;
      ending.abort();
      await ended;
      working.delete(id);
    }
    for (const run of runs.values()) {
      const job = jobs.get(run.jobId);
      if (job === undefined || working.has(run.id) || stopping.signal.aborted) continue;
      const ending = new AbortController();
      const ended = work(run, job, ending.signal)
        .catch((error: unknown) => logger.error({ err: error, job: job.id }, "an export run could not be worked on"))
        .then(() => {
          // So that the next look starts it again.
          if (!ending.signal.aborted) working.delete(run.id);
        });
      working.set(run.id, { version: job.updatedAt.getTime(), stopping: ending, ended });
    }
  }

  async function work(run: ExportRun, job: ExportJob, signal: AbortSignal): Promise<void> {
    const destination = await usable(job, signal);
    if (destination === undefined) return;
    const lease = `export/${run.id}`;
    const hold = (): Promise<boolean> =>
      dependencies.leases.acquire(lease, { token, until: new Date(Date.now() + leaseMs) }, new Date());
    // A step may take longer than the lease: a batch that is halved is many uploads.
    let mine = false;
    const renewing = setInterval(() => {
      if (mine) hold().catch(() => undefined);
    }, leaseMs / 3);
    try {
      const open = openRun(run, job, destination, dependencies);
      while (!signal.aborted) {
        try {
          mine = await hold();
          if (!mine || !(await open.step(signal))) await rest(IDLE_MS, signal);
        } catch (error) {
          logger.warn({ err: error, job: job.id }, "an export run could not go on; it will");
          await rest(TROUBLE_MS, signal);
        }
      }
    } finally {
      clearInterval(renewing);
      await dependencies.leases.release(lease, token).catch(() => undefined);
      await destination.close().catch(() => undefined);
    }
  }

  /** The opened destination, or undefined after a pause when the operator's settings refuse it by now. */
  async function usable(job: ExportJob, signal: AbortSignal): Promise<Destination | undefined> {
    try {
      return dependencies.openDestination(job);
    } catch (error) {
      if (!isPosternError(error)) throw error;
      await exports.noteFailure(job.id, "destination-not-usable", new Date());
      await rest(TROUBLE_MS, signal);
      return undefined;
    }
  }

  const looking = (async () => {
    while (!stopping.signal.aborted) {
      await look().catch((error: unknown) => logger.warn({ err: error }, "export jobs could not be read"));
      await rest(LOOK_EVERY_MS, stopping.signal);
    }
  })();

  return {
    async stop() {
      stopping.abort();
      await looking;
      for (const { stopping: ending } of working.values()) ending.abort();
      await Promise.all([...working.values()].map(({ ended }) => ended));
    },
  };
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
}
