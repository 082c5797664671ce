import { type Command, InvalidArgumentError, Option } from "commander";
import type { JobFlags } from "../cli/export-job-settings.ts";
import type { BackfillWindowFlags } from "./export-job-command.ts";

const loaded = (): Promise<typeof import("./export-job-command.ts")> => import("./export-job-command.ts");

/** Defines `postern export job …`: the export jobs of the running service. */
export function defineExportJob(exporting: Command, finish: (status: number) => void): void {
  const job = exporting.command("job").description("lasting exports: each sends one data set to one destination");
  job
    .command("list")
    .description("one line a job: id, state, data set, format, lines, lag, dead letters, last error, destination, name")
    .action(async () => finish(await (await loaded()).list()));
  job
    .command("show")
    .description("settings and health of a job; secrets are hidden")
    .argument("<id>", "that postern export job list shows")
    .option("--json", "as the API shows it")
    .action(async (id: string, { json }: { json?: boolean }) => finish(await (await loaded()).show(id, json === true)));
  settings(job.command("create"))
    .description("add a job and print its id, after its destination took a test upload; begins with the next event")
    .argument("[file]", "YAML or JSON, the body of POST /api/v1/export-jobs, - for standard input; options win over it")
    .addOption(
      new Option("--dataset <name>", "what is sent").choices([
        "email_dlp_findings",
        "email_dlp_actions",
        "quarantine_events",
        "audit_logs",
      ]),
    )
    .option("--tenant <id>", "events of one tenant only")
    .option("--paused", "do not begin yet; what happens meanwhile waits")
    .action(async (file: string | undefined, flags: JobFlags) => finish(await (await loaded()).create(file, flags)));
  settings(job.command("set"))
    .description("change a job; what is not named stays, and so does its place in the events")
    .argument("<id>", "that postern export job list shows")
    .argument("[file]", "YAML or JSON, the body of PATCH /api/v1/export-jobs/{id}, - for standard input")
    .action(async (id: string, file: string | undefined, flags: JobFlags) =>
      finish(await (await loaded()).set(id, file, flags)),
    );
  for (const [verb, enabled, about] of [
    ["pause", false, "stop for now; what happens meanwhile waits"],
    ["resume", true, "go on after a pause"],
  ] as const)
    job
      .command(verb)
      .description(about)
      .argument("<id>", "that postern export job list shows")
      .action(async (id: string) => finish(await (await loaded()).turn(id, enabled)));
  job
    .command("delete")
    .description("remove a job with its backfills and dead letters; the events stay")
    .argument("<id>", "that postern export job list shows")
    .action(async (id: string) => finish(await (await loaded()).remove(id)));
  job
    .command("challenge")
    .description("write the ownership challenge into a bucket; its text is the --challenge of create")
    .argument("<address>", "s3:, gs: or azure: address")
    .action(async (address: string) => finish(await (await loaded()).challenge(address)));
  defineRuns(job, finish);
}

function defineRuns(job: Command, finish: (status: number) => void): void {
  job
    .command("backfill")
    .description("send a past window again, marked, beside the live delivery; exit 0 done, 2 cancelled or an error")
    .argument("<id>", "that postern export job list shows")
    .option("--since <time>", "2026-11-30, 2026-11-30T12:00:00Z, or how long ago: 24h, 90d; inclusive")
    .option("--until <time>", "exclusive; now without it")
    .option("--no-wait", "print the backfill's id and return")
    .action(async (id: string, flags: BackfillWindowFlags) => finish(await (await loaded()).backfill(id, flags)));
  job
    .command("backfills")
    .description("one line a backfill of a job: id, state, window, events read of all")
    .argument("<id>", "that postern export job list shows")
    .action(async (id: string) => finish(await (await loaded()).runs(id)));
  for (const [name, verb, about] of [
    ["cancel-backfill", "cancel", "stop a backfill"],
    ["resume-backfill", "resume", "let a cancelled backfill go on where it was"],
  ] as const)
    job
      .command(name)
      .description(about)
      .argument("<id>", "of the job")
      .argument("<backfill>", "that postern export job backfills shows")
      .action(async (id: string, run: string) => finish(await (await loaded()).steer(id, run, verb)));
  job
    .command("dead-letters")
    .description("one line for what a destination would not take: id, tenant, events, reason, time, live or backfill")
    .argument("<id>", "that postern export job list shows")
    .action(async (id: string) => finish(await (await loaded()).deadLetters(id)));
  job
    .command("retry")
    .description("try dead letters again")
    .argument("<id>", "of the job")
    .argument("[letter...]", "that postern export job dead-letters shows; all without one")
    .action(async (id: string, letters: string[]) => finish(await (await loaded()).retry(id, letters)));
}

/** Options that `create` and `set` share. A secret is better in a file than in an option, which other users may see. */
function settings(command: Command): Command {
  return command
    .option("--name <text>", "for people")
    .option("--to <address>", "destination_conf, as docs/destinations.md has them")
    .option("--challenge <text>", "text of the file that postern export job challenge wrote")
    .addOption(new Option("--format <format>", "form of the events").choices(["ndjson", "csv", "ocsf", "ecs", "cef"]))
    .option("--fields <names>", "ndjson and csv: these fields only, with commas between")
    .addOption(new Option("--timestamps <format>", "ndjson and csv").choices(["rfc3339", "unix", "unixnano"]))
    .addOption(new Option("--privacy <mode>", "subject and attachment names").choices(["masked", "hash", "omit"]))
    .option("--sample-rate <share>", "above 0, up to 1", positive)
    .option("--filter <json>", 'for instance {"where":{"key":"Action","operator":"!eq","value":"allow"}}; "" for none')
    .option("--max-bytes <number>", "of a batch, before compression", positive)
    .option("--max-records <number>", "of a batch", positive)
    .option("--interval <seconds>", "age of its oldest record at which a batch is sent", positive);
}

function positive(text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new InvalidArgumentError("a number above 0");
  return number;
}
