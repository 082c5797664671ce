import { type Command, InvalidArgumentError } from "commander";
import type { ExactDataColumns } from "../cli/known-data.ts";

type Finish = (status: number) => void;

/** `postern exact-data` and `postern fingerprint`, what detectors with these fields look for. */
export function defineKnownData(program: Command, finish: Finish): void {
  const table = program.command("exact-data").description("tables of known values that must not leave");
  table
    .command("load")
    .description("add or replace a table; only salted hashes of its values are kept")
    .argument("<name>", "as a detector says under exactData")
    .argument("<file>", "CSV whose first line names the columns, - for standard input")
    .requiredOption("--primary <column>", "its values are looked for")
    .option("--supporting <columns>", "separated by commas: values of the same row near make a finding sure")
    .option("--min-supporting <count>", "how many of them must stand near (1)")
    .action(async (name: string, file: string, columns: ExactDataColumns) =>
      finish(await (await import("./known-data-command.ts")).load(name, file, columns)),
    );
  defineListAndRemove(table, "exact-data", finish);

  const print = program.command("fingerprint").description("documents whose copies must not leave");
  print
    .command("add")
    .description("add a document to a set, or replace it; only hashes of its wording are kept")
    .argument("<name>", "of the set, as a detector says under fingerprint")
    .argument("<file>", "a document of any kind that Postern reads")
    .option("--threshold <percent>", "share of its wording from which on a text counts as a copy (50)", percent)
    .option("--document <title>", "its name in findings (the file's name)")
    .action(async (name: string, file: string, options: { threshold?: number; document?: string }) =>
      finish(await (await import("./known-data-command.ts")).add(name, file, options)),
    );
  defineListAndRemove(print, "fingerprints", finish);
}

function defineListAndRemove(parent: Command, kind: "exact-data" | "fingerprints", finish: Finish): void {
  parent
    .command("list")
    .description("print them, one a line")
    .action(async () => finish(await (await import("./known-data-command.ts")).list(kind)));
  const remove = parent.command("remove").description("remove what no detector of the running policy names");
  remove.argument("<name>");
  if (kind === "fingerprints") remove.option("--document <title>", "this document of the set only");
  remove.action(async (name: string, { document }: { document?: string }) =>
    finish(await (await import("./known-data-command.ts")).remove(kind, name, document)),
  );
}

function percent(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 100) throw new InvalidArgumentError("it must be 1 to 100");
  return value;
}
