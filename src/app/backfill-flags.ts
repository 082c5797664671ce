import type { Command } from "commander";

/** Times as `pointInTime` reads them. */
export interface BackfillFlags {
  readonly tenant?: string;
  readonly since?: string;
  readonly until?: string;
  readonly mailbox?: readonly string[];
  readonly act?: boolean;
  readonly again?: boolean;
  readonly wait: boolean;
}

/** Defines `postern backfill` and what steers one that runs. */
export function defineBackfill(program: Command, finish: (status: number) => void): void {
  const backfill = program
    .command("backfill")
    .description("scan past sent mail, after all live mail; waits and exits 0 when done, 2 when cancelled or an error")
    .option("--tenant <id>", "id or name; not needed when there is one only")
    .option("--since <time>", "2026-11-30, 2026-11-30T12:00:00Z, or how long ago: 24h, 90d")
    .option("--until <time>", "now without it")
    .option("--mailbox <address...>", "these mailboxes only; may be repeated")
    .option("--act", "act on what is found, as on live mail; verdicts are only recorded without it")
    .option("--again", "decide anew what was decided under another policy revision")
    .option("--no-wait", "print the id and return")
    .action(async (flags: BackfillFlags) => finish(await (await import("./backfill-command.ts")).begin(flags)));
  backfill
    .command("list")
    .description("one line a backfill: id, tenant, state, window, counts")
    .action(async () => finish(await (await import("./backfill-command.ts")).list()));
  const verbs = {
    pause: "stop for now; what is finished stays",
    resume: "go on after a pause",
    cancel: "stop for good; what is finished stays",
  } as const;
  for (const verb of ["pause", "resume", "cancel"] as const)
    backfill
      .command(verb)
      .description(verbs[verb])
      .argument("<id>", "that postern backfill list shows")
      .action(async (id: string) => finish(await (await import("./backfill-command.ts")).turn(id, verb)));
}
