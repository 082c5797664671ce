#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { defineBackfill } from "./app/backfill-flags.ts";
import { defineExport } from "./app/export-flags.ts";
import { defineKnownData } from "./app/known-data-flags.ts";
import type { SimulateOptions } from "./app/policy-simulate-command.ts";
import { VERSION } from "./app/version.ts";
import type { PatternOptions } from "./cli/policy-edit.ts";
import { PosternError } from "./core/errors.ts";

/** Each command is one line into `app/`; modules are loaded by the command that needs them, so that `--help` is quick. */
const program = new Command("postern")
  .description("Outbound email data loss prevention through the mail providers' APIs")
  .version(VERSION)
  // Options belong to the command before them: `export` and `export job create` both have a --to.
  .enablePositionalOptions()
  .showHelpAfterError("(postern --help shows all commands)")
  .exitOverride();

program
  .command("demo")
  .description("start everything embedded, with two sandbox tenants and a stream of sample mail")
  .option("--keep", "keep the data folder when it ends")
  .option("--port <number>", "port of the console", port)
  .action(async (options: { keep?: boolean; port?: number }) =>
    finish(await (await import("./app/demo.ts")).demo(options)),
  );

program
  .command("serve")
  .description("run the service")
  .option("--role <role>", "all, web or worker", role, "all")
  .action(async (options: { role: "all" | "web" | "worker" }) =>
    finish(await (await import("./app/serve.ts")).serve(options.role)),
  );

program
  .command("scan")
  .description(
    "scan mail and documents without a server; exit 0 nothing forbidden, 1 a verdict stricter than allow, 2 an error",
  )
  .argument("<path...>", ".eml, .msg, .mbox, folders or any document")
  .option("--json", "one JSON object a message, on one line each")
  .option("--policy <file>", "policy to decide by, instead of the built-in starter policy")
  .option("--reveal", "show the found values in clear")
  .action(async (paths: string[], options: { json?: boolean; policy?: string; reveal?: boolean }) =>
    finish(await (await import("./app/scan-command.ts")).scan(paths, options)),
  );

const policy = program.command("policy").description("check, replace and show the policy");
policy
  .command("check")
  .description("print every fault as file:line:column: reason; exit 2 when there is one")
  .argument("[file]", "YAML or JSON; with --try the starter policy when left out")
  .option("--try <text>", "show what each detector finds in this text, which view it sees and what it costs; - = stdin")
  .option("--reveal", "show the found values, and the text as the detector saw it, in clear")
  .action(async (file: string | undefined, options: { try?: string; reveal?: boolean }, command: Command) => {
    const { check, tryText } = await import("./app/policy-command.ts");
    if (options.try !== undefined) return finish(await tryText(file, { ...options, try: options.try }));
    return file === undefined ? command.error("error: missing required argument 'file'") : finish(await check(file));
  });
policy
  .command("apply")
  .description("replace the running policy")
  .argument("<file>", "YAML or JSON")
  .action(async (file: string) => finish(await (await import("./app/policy-command.ts")).apply(file)));
policy
  .command("export")
  .description("print the running policy")
  .option("--json", "as JSON")
  .action(async (options: { json?: boolean }) =>
    finish(await (await import("./app/policy-command.ts")).show(options.json === true)),
  );

policy
  .command("explain")
  .description("show what holds for a sender, and the scope that each value comes from")
  .requiredOption("--sender <address>", "whose mail")
  .argument("[file]", "a policy; the running one without")
  .action(async (file: string | undefined, options: { sender: string }) =>
    finish(await (await import("./app/policy-explain-command.ts")).explain(file, options.sender)),
  );
policy
  .command("simulate")
  .description("show what a policy would have decided about past mail; nothing is acted on")
  .argument("<file>", "YAML or JSON")
  .requiredOption("--since <time>", "2026-11-30, 2026-11-30T12:00:00Z, or how long ago: 24h, 7d")
  .option("--until <time>", "now without it")
  .option("--tenant <id>", "mail of one tenant only")
  .option("--rescan", "read the mail again through the provider, instead of what was kept with it (newest 2,000)")
  .option("--json", "the whole result as one JSON object")
  .action(async (file: string, options: SimulateOptions) =>
    finish(await (await import("./app/policy-simulate-command.ts")).simulate(file, options)),
  );
policy
  .command("history")
  .description("list the policies that were put into force: revision, time, who, and what changed")
  .option("--limit <number>", "newest so many", count, 20)
  .action(async (options: { limit: number }) => finish(await (await edits()).history(options.limit)));
policy
  .command("rollback")
  .description("put an earlier policy into force again")
  .argument("[revision]", "the one before the running one without it")
  .action(async (revision: string | undefined) => finish(await (await edits()).rollback(revision)));
policy
  .command("add-pattern")
  .description("add a pattern and a rule of the same name to the running policy")
  .argument("<name>", "id of both")
  .argument("<pattern>", "RE2 syntax, for instance 'confidential|secret'")
  .option("--action <action>", "warn, must-encrypt, quarantine or block", "must-encrypt")
  .option("--description <text>")
  .option("--threshold <number>", "act when more than so many are found", count)
  .option("--validator <id>", "check of the match, for instance luhn")
  .option("--mask <filter>", "full, keep-last-4 or none")
  .option("--delay-evaluation", "act only if the message cannot be encrypted")
  .action(async (name: string, pattern: string, options: PatternOptions) =>
    finish(await (await edits()).add(name, pattern, options)),
  );
policy
  .command("select")
  .description("let rules hold in a scope, in addition to what it selects or inherits")
  .argument("<rule...>", "ids of rules")
  .option("--scope <scope>", "global, domain:corp.example or user:ann@corp.example", "global")
  .action(async (rules: string[], options: { scope: string }) =>
    finish(await (await edits()).select(rules, options.scope)),
  );
policy
  .command("deselect")
  .description("let rules no longer hold in a scope")
  .argument("<rule...>", "ids of rules")
  .option("--scope <scope>", "global, domain:corp.example or user:ann@corp.example", "global")
  .action(async (rules: string[], options: { scope: string }) =>
    finish(await (await edits()).deselect(rules, options.scope)),
  );
policy
  .command("set")
  .description("change one setting of a scope")
  .argument("<name>", "for instance dlp.enabled")
  .argument("[value]", "true, false, a number, addresses with commas; without one the scope inherits again")
  .option("--scope <scope>", "global, domain:corp.example or user:ann@corp.example", "global")
  .action(async (name: string, value: string | undefined, options: { scope: string }) =>
    finish(await (await edits()).set(name, value, options.scope)),
  );
policy
  .command("resume")
  .description("let a rule act again that was paused because it acted too often")
  .argument("<rule>", "id")
  .action(async (rule: string) => finish(await (await edits()).resume(rule)));

policy
  .command("import")
  .description("print a policy made from another product's file; what has no counterpart is on standard error")
  .argument("<file>", "CipherMail pattern list (CSV, YAML, JSON) or gitleaks rules (TOML), - for standard input")
  .requiredOption("--from <product>", "ciphermail or gitleaks", importSource)
  .action(async (file: string, options: { from: "ciphermail" | "gitleaks" }) =>
    finish((await import("./app/policy-import-command.ts")).importPolicy(file, options.from)),
  );

const skipList = program.command("skip-list").description("the words left out before matching");
skipList
  .command("get")
  .description("print them, one a line")
  .action(async () => finish(await (await import("./app/skip-list-command.ts")).get()));
skipList
  .command("set")
  .description("replace them")
  .argument("<file>", "words separated by spaces or lines, - for standard input; an empty file leaves out none")
  .action(async (file: string) => finish(await (await import("./app/skip-list-command.ts")).set(file)));
skipList
  .command("reset")
  .description("use the 100 commonest English words again")
  .action(async () => finish(await (await import("./app/skip-list-command.ts")).reset()));

defineKnownData(program, finish);

const tenant = program.command("tenant").description("connect and examine tenants of the running service");
tenant
  .command("connect")
  .description("connect a tenant; the settings are the body of POST /api/v1/tenants. exit 1 when a right is missing")
  .argument("<file>", "JSON or YAML with the settings, - for standard input")
  .action(async (file: string) => finish(await (await import("./app/tenant-command.ts")).connect(file)));
tenant
  .command("list")
  .description("one line a tenant")
  .action(async () => finish(await (await import("./app/tenant-command.ts")).list()));
tenant
  .command("doctor")
  .description(
    "say where to grant consent, try every call that a tenant's mode needs, and send a test mail from a mailbox to itself; exit 0 all well, 1 something missing, 2 an error",
  )
  .argument("[tenant]", "id; all tenants without one")
  .option("--no-send", "send nothing: the calls only")
  .option("--mailbox <address>", "mailbox that sends itself the test mail, instead of the service mailbox")
  .action(async (id: string | undefined, options: { send: boolean; mailbox?: string }) =>
    finish(await (await import("./app/doctor-command.ts")).doctor(id, options)),
  );

function edits(): Promise<typeof import("./app/policy-edit-command.ts")> {
  return import("./app/policy-edit-command.ts");
}

defineBackfill(program, finish);

defineExport(program, finish);

function finish(status: number): void {
  process.exitCode = status;
}

function port(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 65_535)
    throw new InvalidArgumentError("a port is a number up to 65535");
  return number;
}

function importSource(text: string): string {
  if (text !== "ciphermail" && text !== "gitleaks") throw new InvalidArgumentError("one of ciphermail, gitleaks");
  return text;
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 500)
    throw new InvalidArgumentError("a whole number up to 500");
  return number;
}

function role(text: string): string {
  if (text !== "all" && text !== "web" && text !== "worker") throw new InvalidArgumentError("one of all, web, worker");
  return text;
}

// Whoever reads the output (`| head`) has read enough: the command ends as when it is asked to, without a stack trace.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.kill(process.pid, "SIGTERM");
});

try {
  await program.parseAsync();
} catch (error) {
  // Commander has printed its own message; help and version are no errors.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof PosternError) {
    process.stderr.write(`postern: ${error.message}\n`);
    process.exitCode = 2;
  } else throw error;
}
