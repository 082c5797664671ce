#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { VERSION } from "./app/version.ts";
import { PosternError } from "./core/errors.ts";

/** Each command is one line into `app/`; modules are loaded by the command that needs them, so that `--help` is quick. */
const program = new Command("postern")
  .description("Outbound email data loss prevention through the mail providers' APIs")
  .version(VERSION)
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
  .argument("<file>", "YAML or JSON")
  .action(async (file: string) => finish(await (await import("./app/policy-command.ts")).check(file)));
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
  .description("try every call that a tenant's mode needs; exit 0 all well, 1 something missing, 2 an error")
  .argument("[tenant]", "id; all tenants without one")
  .action(async (id: string | undefined) => finish(await (await import("./app/tenant-command.ts")).doctor(id)));

function finish(status: number): void {
  process.exitCode = status;
}

function port(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 65_535)
    throw new InvalidArgumentError("a port is a number up to 65535");
  return number;
}

function role(text: string): string {
  if (text !== "all" && text !== "web" && text !== "worker") throw new InvalidArgumentError("one of all, web, worker");
  return text;
}

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
