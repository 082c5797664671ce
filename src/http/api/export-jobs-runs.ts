import { randomUUID } from "node:crypto";
import { z } from "zod";
import { PosternError } from "../../core/errors.ts";
import type { ExportRun, ExportStore } from "../../core/export-store.ts";
import { exportDeadLetterSchema, runSchema, showExportDeadLetter, showRun } from "./export-job-record.ts";
import { existingJob, exportIdParams } from "./export-jobs.ts";
import { pageOf, pageRequest, paging } from "./paging.ts";
import { time } from "./times.ts";
import type { TypedServer } from "./typed-server.ts";

const runParams = z.object({ id: z.string().max(200), run: z.string().max(200) });
const letterParams = z.object({ id: z.string().max(200), letter: z.string().max(200) });

/** Backfills and dead letters of export jobs. */
export function registerExportRuns(server: TypedServer, { exports }: { readonly exports: ExportStore }): void {
  async function existing(jobId: string, runId: string): Promise<ExportRun> {
    const run = await exports.run(runId);
    if (run?.kind !== "backfill" || run.jobId !== jobId)
      throw new PosternError("NOT_FOUND", "there is no such backfill of this export job");
    return run;
  }

  server.post(
    "/api/v1/export-jobs/:id/backfill",
    {
      schema: {
        params: exportIdParams,
        body: z.object({ from: time(), to: time() }),
        response: { 202: runSchema },
        tags: ["export"],
        summary: "Sends the events of a past window again, marked, with progress of its own",
      },
    },
    async (request, reply) => {
      const { from, to } = request.body;
      if (from >= to) throw new PosternError("REQUEST_INVALID", "from must be before to");
      const job = await existingJob(exports, request.params.id);
      const run = await exports.startBackfill({ id: randomUUID(), jobId: job.id, since: from, until: to }, new Date());
      return reply.code(202).send(showRun(run));
    },
  );
  server.get(
    "/api/v1/export-jobs/:id/backfill",
    {
      schema: {
        params: exportIdParams,
        response: { 200: z.object({ items: z.array(runSchema), next: z.null() }) },
        tags: ["export"],
      },
    },
    async (request) => {
      const job = await existingJob(exports, request.params.id);
      return { items: (await exports.backfills(job.id)).map(showRun), next: null };
    },
  );
  server.get(
    "/api/v1/export-jobs/:id/backfill/:run",
    { schema: { params: runParams, response: { 200: runSchema }, tags: ["export"] } },
    async (request) => showRun(await existing(request.params.id, request.params.run)),
  );
  const turns = { cancel: ["running", "cancelled"], resume: ["cancelled", "running"] } as const;
  for (const [verb, [from, to]] of Object.entries(turns))
    server.post(
      `/api/v1/export-jobs/:id/backfill/:run/${verb}`,
      { schema: { params: runParams, response: { 200: runSchema }, tags: ["export"] } },
      async (request) => {
        const { id, run } = request.params;
        const { state } = await existing(id, run);
        if (!(await exports.changeRun(run, from, to)))
          throw new PosternError("CONFLICT", `the backfill is not ${from}`, { details: { state } });
        return showRun(await existing(id, run));
      },
    );
  server.get(
    "/api/v1/export-jobs/:id/dead-letters",
    {
      schema: {
        params: exportIdParams,
        querystring: z.object(paging),
        response: { 200: pageOf(exportDeadLetterSchema) },
        tags: ["export"],
      },
    },
    async (request) => {
      const job = await existingJob(exports, request.params.id);
      const page = await exports.deadLetters(job.id, pageRequest(request.query));
      return { items: page.items.map(showExportDeadLetter), next: page.next };
    },
  );
  server.post(
    "/api/v1/export-jobs/:id/dead-letters/:letter/retry",
    { schema: { params: letterParams, response: { 202: z.object({ id: z.string() }) }, tags: ["export"] } },
    async (request, reply) => {
      const { id, letter } = request.params;
      if (!(await exports.retryDeadLetter(id, letter)))
        throw new PosternError("NOT_FOUND", "there is no such dead letter of this export job");
      return reply.code(202).send({ id: letter });
    },
  );
}
