import { z } from "zod";
import { PosternError } from "../../core/errors.ts";
import type { ExportJob, ExportStore } from "../../core/export-store.ts";
import { type JobChange, jobChangeSchema, type NewJob, newJobSchema } from "../../export/job-settings.ts";
import { jobSchema, showJob } from "./export-job-record.ts";
import type { TypedServer } from "./typed-server.ts";

export interface ExportJobRouteDependencies {
  readonly exports: ExportStore;
  readonly exportJobs: {
    readonly create: (input: NewJob) => Promise<ExportJob>;
    readonly change: (job: ExportJob, input: JobChange) => Promise<void>;
    /** Name of the file that was written. */
    readonly challenge: (destination: string) => Promise<string>;
  };
}

export const exportIdParams = z.object({ id: z.string().max(200) });

/** @throws PosternError NOT_FOUND */
export async function existingJob(exports: ExportStore, id: string): Promise<ExportJob> {
  const job = await exports.job(id);
  if (!job) throw new PosternError("NOT_FOUND", "there is no such export job");
  return job;
}

export function registerExportJobs(server: TypedServer, { exports, exportJobs }: ExportJobRouteDependencies): void {
  const shown = async (job: ExportJob) => showJob(job, await exports.oldestWaiting(job.id), new Date());

  server.post(
    "/api/v1/export-jobs",
    {
      schema: {
        body: newJobSchema,
        response: { 201: jobSchema },
        tags: ["export"],
        summary: "Adds a job after its destination took a test upload; it begins with the next event",
      },
    },
    async (request, reply) => reply.code(201).send(await shown(await exportJobs.create(request.body))),
  );
  server.get(
    "/api/v1/export-jobs",
    { schema: { response: { 200: z.object({ items: z.array(jobSchema), next: z.null() }) }, tags: ["export"] } },
    async () => ({ items: await Promise.all((await exports.jobs()).map(shown)), next: null }),
  );
  server.get(
    "/api/v1/export-jobs/:id",
    { schema: { params: exportIdParams, response: { 200: jobSchema }, tags: ["export"] } },
    async (request) => shown(await existingJob(exports, request.params.id)),
  );
  server.patch(
    "/api/v1/export-jobs/:id",
    {
      schema: {
        params: exportIdParams,
        body: jobChangeSchema,
        response: { 200: jobSchema },
        tags: ["export"],
        summary: "Changes or pauses a job; what it has not delivered waits",
      },
    },
    async (request) => {
      await exportJobs.change(await existingJob(exports, request.params.id), request.body);
      return shown(await existingJob(exports, request.params.id));
    },
  );
  server.delete(
    "/api/v1/export-jobs/:id",
    { schema: { params: exportIdParams, response: { 204: z.null() }, tags: ["export"] } },
    async (request, reply) => {
      if (!(await exports.removeJob(request.params.id)))
        throw new PosternError("NOT_FOUND", "there is no such export job");
      return reply.code(204).send(null);
    },
  );
  server.post(
    "/api/v1/export-jobs/ownership",
    {
      schema: {
        body: z.object({ destination_conf: z.string().min(1).max(4_096) }),
        response: { 200: z.object({ filename: z.string() }) },
        tags: ["export"],
        summary: "Writes a challenge into a bucket; its text belongs into `ownership_challenge`",
      },
    },
    async (request) => ({ filename: await exportJobs.challenge(request.body.destination_conf) }),
  );
}
