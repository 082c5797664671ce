import { PosternError } from "../core/errors.ts";

/** What the command line says of a job; the names are the options'. */
export interface JobFlags {
  readonly name?: string;
  readonly dataset?: string;
  readonly tenant?: string;
  readonly to?: string;
  readonly challenge?: string;
  readonly format?: string;
  readonly fields?: string;
  readonly timestamps?: string;
  readonly privacy?: string;
  readonly sampleRate?: number;
  readonly filter?: string;
  readonly maxBytes?: number;
  readonly maxRecords?: number;
  readonly interval?: number;
  readonly paused?: boolean;
}

/** The body of a request, as far as it is known here; the service judges it. */
export type JobBody = Readonly<Record<string, unknown>>;

/**
 * Options put over the settings of a file. `output_options` are changed one by one: those of the job, then the file's,
 * then the options'.
 * @param file the parsed settings file, an empty object without one
 * @param before the job's `output_options`, empty for a new job
 * @throws PosternError REQUEST_INVALID when the file holds no object
 */
export function jobBody(flags: JobFlags, file: unknown, before: JobBody): JobBody {
  if (!isObject(file)) throw new PosternError("REQUEST_INVALID", "the settings file holds no object");
  const output = {
    ...before,
    ...(isObject(file.output_options) ? file.output_options : {}),
    ...present({
      output_type: flags.format,
      field_names: flags.fields?.split(",").map((name) => name.trim()),
      timestamp_format: flags.timestamps,
      privacy: flags.privacy,
      sample_rate: flags.sampleRate,
    }),
  };
  return {
    ...file,
    ...present({
      name: flags.name,
      dataset: flags.dataset,
      tenant: flags.tenant,
      destination_conf: flags.to,
      ownership_challenge: flags.challenge,
      filter: flags.filter === "" ? null : flags.filter,
      max_upload_bytes: flags.maxBytes,
      max_upload_records: flags.maxRecords,
      max_upload_interval_seconds: flags.interval,
      enabled: flags.paused === true ? false : undefined,
    }),
    ...(Object.keys(output).length === 0 ? {} : { output_options: output }),
  };
}

function present(fields: JobBody): JobBody {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function isObject(value: unknown): value is JobBody {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
