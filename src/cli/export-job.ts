import type { ApiClient } from "./api-client.ts";
import type { JobBody } from "./export-job-settings.ts";
import { type Print, printable } from "./print.ts";

/** What `GET /api/v1/export-jobs` shows of a job, as far as it is printed here. */
export interface ShownJob {
  readonly id: string;
  readonly name: string;
  readonly dataset: string;
  readonly enabled: boolean;
  readonly tenant: string | null;
  readonly destination_conf: string;
  readonly output_options: JobBody;
  readonly filter: unknown;
  readonly last_complete: string | null;
  readonly last_error: string | null;
  readonly error_message: string | null;
  readonly health: {
    readonly batches: number;
    readonly retries: number;
    readonly parked: number;
    readonly lines: number;
    readonly bytes: number;
    readonly lag_seconds: number;
  };
}

const PATH = "/api/v1/export-jobs";
export const jobPath = (id: string): string => `${PATH}/${encodeURIComponent(id)}`;

/** One line a job: id, state, data set, format, lines, lag, dead letters, last error, destination, name. */
export async function listJobs(client: ApiClient, out: Print): Promise<0> {
  const { items } = client.expect(await client.call("GET", PATH), 200) as { readonly items: readonly ShownJob[] };
  for (const { health, ...job } of items) {
    const lag = `lag ${Math.round(health.lag_seconds)} s`;
    const facts = [stateOf(job), job.dataset, String(job.output_options.output_type), `${health.lines} lines`, lag];
    const trouble = [`${health.parked} dead`, job.error_message ?? "-"];
    out([job.id, ...facts, ...trouble, printable(job.destination_conf), printable(job.name)].join("\t"));
  }
  return 0;
}

/** Settings and health of one job, for people or as the API's JSON. */
export async function showJob(id: string, asJson: boolean, client: ApiClient, out: Print): Promise<0> {
  const job = await readJob(id, client);
  if (asJson) out(JSON.stringify(job, null, 2));
  else describe(job, out);
  return 0;
}

/** Prints the new job's id. */
export async function createJob(body: JobBody, client: ApiClient, out: Print): Promise<0> {
  const { id } = client.expect(await client.call("POST", PATH, json(body)), 201) as ShownJob;
  out(id);
  return 0;
}

export async function changeJob(id: string, body: JobBody, client: ApiClient, out: Print): Promise<0> {
  const job = client.expect(await client.call("PATCH", jobPath(id), json(body)), 200) as ShownJob;
  out(`${id}: ${stateOf(job)}`);
  return 0;
}

export async function deleteJob(id: string, client: ApiClient, out: Print): Promise<0> {
  client.expect(await client.call("DELETE", jobPath(id)), 204);
  out(`${id}: deleted`);
  return 0;
}

/** Writes the ownership challenge into a bucket and prints the name of its file. */
export async function challengeOwner(destination: string, client: ApiClient, out: Print): Promise<0> {
  const answer = await client.call("POST", `${PATH}/ownership`, json({ destination_conf: destination }));
  out((client.expect(answer, 200) as { readonly filename: string }).filename);
  return 0;
}

export async function readJob(id: string, client: ApiClient): Promise<ShownJob> {
  return client.expect(await client.call("GET", jobPath(id)), 200) as ShownJob;
}

export function json(body: JobBody): { readonly text: string; readonly contentType: string } {
  return { text: JSON.stringify(body), contentType: "application/json" };
}

function describe({ health, ...job }: ShownJob, out: Print): void {
  out(`${printable(job.name)} (${job.id}): ${stateOf(job)}`);
  out(`  data set     ${job.dataset}${job.tenant === null ? "" : `, tenant ${job.tenant}`}`);
  out(`  destination  ${printable(job.destination_conf)}`);
  out(`  output       ${printable(JSON.stringify(job.output_options))}`);
  if (job.filter !== null) out(`  filter       ${printable(JSON.stringify(job.filter))}`);
  out(
    `  delivered    ${health.lines} lines, ${health.bytes} bytes in ${health.batches} batches; last ${at(job.last_complete)}`,
  );
  out(`  trouble      ${health.retries} retries, ${health.parked} dead letters; last ${at(job.last_error)}`);
  if (job.error_message !== null) out(`  last error   ${job.error_message}`);
  out(`  lag          ${health.lag_seconds} s`);
}

function stateOf({ enabled, error_message }: Pick<ShownJob, "enabled" | "error_message">): string {
  if (!enabled) return "paused";
  return error_message === null ? "running" : "failing";
}

function at(time: string | null): string {
  return time ?? "never";
}
