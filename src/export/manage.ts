import { createHash, createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { PosternError } from "../core/errors.ts";
import type { Delivery, Destination } from "../core/export.ts";
import type { ExportJob, ExportJobChange, ExportStore } from "../core/export-store.ts";
import type { Clock } from "../core/ports.ts";
import {
  type JobChange,
  type JobSettings,
  type NewJob,
  readFilter,
  settingsFaults,
  storedSettings,
} from "./job-settings.ts";
import { kindOf } from "./render.ts";

export interface JobDependencies {
  readonly exports: ExportStore;
  readonly openDestination: (conf: string) => Destination;
  /** The bucket whose ownership must be shown; undefined when none must. */
  readonly openBucket: (conf: string) => BucketToOwn | undefined;
  readonly hideSecrets: (conf: string) => string;
  readonly seal: (jobId: string, conf: string) => string;
  readonly unseal: (jobId: string, sealed: string) => string;
  /** Signs ownership challenges. */
  readonly challengeKey: Uint8Array;
  readonly clock: Clock;
}

interface BucketToOwn {
  put(name: string, text: string, signal: AbortSignal): Promise<Delivery>;
  close(): Promise<void>;
}

/** Name of the file that shows who can read the bucket. */
const CHALLENGE_FILE = "ownership-challenge.txt";

/**
 * Adds a job after its destination took a test upload.
 * @throws PosternError REQUEST_INVALID with every fault
 */
export async function createJob(input: NewJob, dependencies: JobDependencies, signal: AbortSignal): Promise<ExportJob> {
  const { exports, clock } = dependencies;
  const { filter, faults } = readFilter(input.filter);
  const settings: JobSettings = {
    output: input.output_options,
    filter,
    maxUploadBytes: input.max_upload_bytes,
    maxUploadRecords: input.max_upload_records,
    maxUploadIntervalSeconds: input.max_upload_interval_seconds,
  };
  refuseFaults([
    ...faults,
    ...settingsFaults(settings, input.dataset),
    ...formFaults(settings, input.destination_conf),
  ]);
  await examine(input.destination_conf, input.ownership_challenge, dependencies, signal);
  const id = randomUUID();
  return exports.createJob(
    {
      id,
      name: input.name,
      dataset: input.dataset,
      enabled: input.enabled,
      tenantId: input.tenant,
      settings: { ...settings },
      sealedDestination: dependencies.seal(id, input.destination_conf),
      shownDestination: dependencies.hideSecrets(input.destination_conf),
    },
    clock.now(),
  );
}

/** Changes a job. Its place in the events stays: what it has not delivered is delivered in the new way. */
export async function changeJob(
  job: ExportJob,
  input: JobChange,
  dependencies: JobDependencies,
  signal: AbortSignal,
): Promise<void> {
  const before = storedSettings(job.settings);
  const { filter, faults } =
    input.filter === undefined ? { filter: before.filter, faults: [] } : readFilter(input.filter);
  const settings: JobSettings = {
    output: input.output_options ?? before.output,
    filter,
    maxUploadBytes: input.max_upload_bytes ?? before.maxUploadBytes,
    maxUploadRecords: input.max_upload_records ?? before.maxUploadRecords,
    maxUploadIntervalSeconds: input.max_upload_interval_seconds ?? before.maxUploadIntervalSeconds,
  };
  // What the API showed, sent back: nothing changes.
  const conf = input.destination_conf === job.shownDestination ? undefined : input.destination_conf;
  const scheme = conf ?? job.shownDestination;
  refuseFaults([...faults, ...settingsFaults(settings, job.dataset), ...formFaults(settings, scheme)]);
  if (conf !== undefined) await examine(conf, input.ownership_challenge, dependencies, signal);
  const change: ExportJobChange = {
    ...(input.name === undefined ? {} : { name: input.name }),
    ...(input.enabled === undefined ? {} : { enabled: input.enabled }),
    settings: { ...settings },
    ...(conf === undefined
      ? {}
      : { sealedDestination: dependencies.seal(job.id, conf), shownDestination: dependencies.hideSecrets(conf) }),
  };
  await dependencies.exports.updateJob(job.id, change, dependencies.clock.now());
}

/** Writes a challenge into the bucket; whoever can read it there may send events there. */
export async function challengeOwner(
  conf: string,
  dependencies: JobDependencies,
  signal: AbortSignal,
): Promise<string> {
  const bucket = dependencies.openBucket(conf);
  if (bucket === undefined)
    throw new PosternError("REQUEST_INVALID", "destination_conf: this destination needs no ownership challenge");
  try {
    acceptedOrFault(await bucket.put(CHALLENGE_FILE, `${challengeFor(conf, dependencies)}\n`, signal));
    return CHALLENGE_FILE;
  } finally {
    await bucket.close();
  }
}

async function examine(
  conf: string,
  challenge: string | undefined,
  dependencies: JobDependencies,
  signal: AbortSignal,
): Promise<void> {
  const bucket = dependencies.openBucket(conf);
  if (bucket !== undefined) {
    await bucket.close();
    if (!sameText(challenge?.trim() ?? "", challengeFor(conf, dependencies)))
      throw new PosternError(
        "REQUEST_INVALID",
        "ownership_challenge: send the text of the file that POST /api/v1/export-jobs/ownership wrote",
      );
  }
  const destination = dependencies.openDestination(conf);
  try {
    acceptedOrFault(await destination.test(signal));
  } finally {
    await destination.close();
  }
}

function acceptedOrFault(answer: Delivery): void {
  if (answer.outcome !== "accepted")
    throw new PosternError("REQUEST_INVALID", `the destination did not take a test upload: ${answer.reason}`);
}

/** Bound to bucket and path, whatever the parameters. */
function challengeFor(conf: string, { challengeKey }: JobDependencies): string {
  return createHmac("sha256", challengeKey)
    .update(conf.split("?")[0] ?? "")
    .digest("base64url");
}

function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** These store JSON documents and nothing else. */
const JSON_ONLY: readonly string[] = ["elasticsearch", "sentinel"];

function formFaults({ output }: JobSettings, conf: string): readonly string[] {
  const scheme = conf.split(":", 1)[0] ?? "";
  return JSON_ONLY.includes(scheme) && !kindOf(output).json
    ? [`output_options: ${scheme} needs records that are JSON objects (ndjson, ocsf, ecs)`]
    : [];
}

function refuseFaults(faults: readonly string[]): void {
  if (faults.length > 0) throw new PosternError("REQUEST_INVALID", faults.join("; "));
}
