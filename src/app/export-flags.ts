import { type Command, Option } from "commander";
import type { ExportOptions } from "./export-command.ts";
import { defineExportJob } from "./export-job-flags.ts";

/** Defines `postern export`, and `postern export job …` for the lasting ones. */
export function defineExport(program: Command, finish: (status: number) => void): void {
  const exporting = program
    .command("export")
    .description("send past events to a SIEM, marked as backfill; exit 0 all delivered, 2 an error")
    .enablePositionalOptions()
    .option("--since <time>", "2026-11-30, 2026-11-30T12:00:00Z, or how long ago: 24h, 90d; inclusive")
    .option("--until <time>", "exclusive; now without it")
    .addOption(
      new Option("--format <format>", "form of the events").choices(["ndjson", "ocsf", "ecs", "cef"]).default("ndjson"),
    )
    .option("--to <address>", "a file, or an address as docs/destinations.md has them; standard output without it")
    .action(async (options: Omit<ExportOptions, "since"> & { readonly since?: string }) => {
      const { since } = options;
      if (since === undefined) return exporting.error("error: required option '--since <time>' not specified");
      return finish(await (await import("./export-command.ts")).exportPast({ ...options, since }));
    });
  defineExportJob(exporting, finish);
}
