import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isPosternError } from "../../core/errors.ts";
import type { ExportJob } from "../../core/export-store.ts";
import { INSTALLATION } from "../../core/store.ts";
import type { AuditRouteDependencies } from "../api/audit.ts";
import type { ExportJobRouteDependencies } from "../api/export-jobs.ts";
import { exportJobPage, exportJobsPage } from "./export-pages.tsx";
import type { Viewer } from "./layout.tsx";
import { messagePage } from "./pages.tsx";
import { form, html, type SignedIn } from "./signed-in.ts";

export type ExportPageDependencies = ExportJobRouteDependencies & Pick<AuditRouteDependencies, "events">;

/** Rows of dead letters on a job's page; the API and the command line have all. */
const LETTERS = 50;

interface JobParams {
  readonly id: string;
  readonly letter?: string;
}

/** Export jobs and their health; pausing, going on, and trying dead letters again. */
export function registerExportPages(
  server: FastifyInstance,
  { exports, exportJobs, events }: ExportPageDependencies,
  signedIn: SignedIn,
): void {
  const options = { schema: { hide: true } };
  const shown = async (job: ExportJob) => ({ job, oldestWaiting: await exports.oldestWaiting(job.id) });

  /** Runs with the job of the request; answers for one that is not there, and for what the job's settings refuse. */
  function withJob(
    work: (job: ExportJob, viewer: Viewer, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>,
  ) {
    return signedIn(async (viewer, request, reply) => {
      const job = await exports.job((request.params as JobParams).id);
      if (!job) return html(reply.code(404), messagePage(viewer, "Not found", "There is no such export job."));
      try {
        return await work(job, viewer, request, reply);
      } catch (error) {
        if (!isPosternError(error)) throw error;
        return html(reply.code(error.status), messagePage(viewer, "Not done", error.message));
      }
    });
  }
  const note = (change: string, job: ExportJob, { who }: Viewer) =>
    events.append(INSTALLATION, "audit", { change, by: who, resource: "export-job", resourceId: job.id }, new Date());
  const back = (reply: FastifyReply, job: ExportJob): FastifyReply =>
    reply.redirect(`/exports/${encodeURIComponent(job.id)}`, 303);

  server.get(
    "/exports",
    options,
    signedIn(async (viewer, _request, reply) =>
      html(reply, exportJobsPage(viewer, await Promise.all((await exports.jobs()).map(shown)), new Date())),
    ),
  );
  server.get(
    "/exports/:id",
    options,
    withJob(async (job, viewer, _request, reply) => {
      const [health, runs, letters] = await Promise.all([
        shown(job),
        exports.backfills(job.id),
        exports.deadLetters(job.id, { limit: LETTERS }),
      ]);
      return html(reply, exportJobPage(viewer, health, runs, letters.items, new Date()));
    }),
  );
  server.post(
    "/exports/:id",
    options,
    withJob(async (job, viewer, request, reply) => {
      const { turn } = form(request);
      if (turn !== "pause" && turn !== "resume")
        return html(reply.code(400), messagePage(viewer, "Not done", "Choose to pause or to go on."));
      await exportJobs.change(job, { enabled: turn === "resume" });
      await note("export-job-changed", job, viewer);
      return back(reply, job);
    }),
  );
  server.post(
    "/exports/:id/dead-letters/:letter",
    options,
    withJob(async (job, viewer, request, reply) => {
      if (!(await exports.retryDeadLetter(job.id, (request.params as JobParams).letter ?? "")))
        return html(reply.code(404), messagePage(viewer, "Not found", "There is no such dead letter any more."));
      await note("export-dead-letter-retried", job, viewer);
      return back(reply, job);
    }),
  );
}
