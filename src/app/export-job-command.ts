import * as jobs from "../cli/export-job.ts";
import { backfillJob, listLetters, listRuns, retryLetters, turnRun } from "../cli/export-job-runs.ts";
import { type JobFlags, jobBody } from "../cli/export-job-settings.ts";
import { pointInTime } from "../cli/time.ts";
import { PosternError } from "../core/errors.ts";
import { errorLine, outputLine } from "./command-line.ts";
import { readSettingsFile } from "./read-settings.ts";
import { serviceClient } from "./service-client.ts";

export interface BackfillWindowFlags {
  readonly since?: string;
  readonly until?: string;
  readonly wait: boolean;
}

export function list(): Promise<0> {
  return jobs.listJobs(serviceClient(), outputLine);
}

export function show(id: string, asJson: boolean): Promise<0> {
  return jobs.showJob(id, asJson, serviceClient(), outputLine);
}

export function create(file: string | undefined, flags: JobFlags): Promise<0> {
  return jobs.createJob(jobBody(flags, settings(file), {}), serviceClient(), outputLine);
}

export async function set(id: string, file: string | undefined, flags: JobFlags): Promise<0> {
  const client = serviceClient();
  const { output_options } = await jobs.readJob(id, client);
  return jobs.changeJob(id, jobBody(flags, settings(file), output_options), client, outputLine);
}

export function turn(id: string, enabled: boolean): Promise<0> {
  return jobs.changeJob(id, { enabled }, serviceClient(), outputLine);
}

export function remove(id: string): Promise<0> {
  return jobs.deleteJob(id, serviceClient(), outputLine);
}

export function challenge(destination: string): Promise<0> {
  return jobs.challengeOwner(destination, serviceClient(), outputLine);
}

export function backfill(id: string, { since, until, wait }: BackfillWindowFlags): Promise<0 | 2> {
  if (since === undefined) throw new PosternError("REQUEST_INVALID", "--since is needed: 2026-11-30 or 90d");
  const now = new Date();
  const window = { from: pointInTime(since, now), to: until === undefined ? now : pointInTime(until, now) };
  return backfillJob(id, window, wait, serviceClient(), outputLine, errorLine);
}

export function runs(id: string): Promise<0> {
  return listRuns(id, serviceClient(), outputLine);
}

export function steer(id: string, run: string, verb: "cancel" | "resume"): Promise<0> {
  return turnRun(id, run, verb, serviceClient(), outputLine);
}

export function deadLetters(id: string): Promise<0> {
  return listLetters(id, serviceClient(), outputLine);
}

export function retry(id: string, letters: readonly string[]): Promise<0> {
  return retryLetters(id, letters, serviceClient(), outputLine);
}

function settings(file: string | undefined): unknown {
  return file === undefined ? {} : readSettingsFile(file);
}
