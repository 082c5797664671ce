import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pino } from "pino";
import { type SampleMail, sampleMails } from "../../connectors/sandbox/samples/mails.ts";
import { openApiClient } from "../cli/api-client.ts";
import { connectTenant } from "../cli/tenant.ts";
import { errorLine, outputLine } from "./command-line.ts";
import { readConfig } from "./config.ts";
import { followEvents } from "./demo-events.ts";
import { DEMO_POLICY } from "./demo-policy.ts";
import { type DemoTenant, startDemoTenants } from "./demo-tenants.ts";
import { untilStopped } from "./serve.ts";
import { type Service, startService } from "./service.ts";

/** Between two mails of the stream. */
const MAIL_EVERY_MS = 700;
/** Between two rounds of all mails, after the first. */
const ROUND_EVERY_MS = 30_000;

export interface DemoOptions {
  readonly keep?: boolean;
  readonly port?: number;
}

/** Everything in one process: two sandbox tenants, the service, a stream of mail; tells what happens as it happens. */
export async function demo(options: DemoOptions): Promise<number> {
  const stopped = untilStopped();
  const folder = mkdtempSync(join(tmpdir(), "postern-demo-"));
  const tenants = await startDemoTenants();
  const adminToken = randomBytes(24).toString("base64url");
  let service: Service | undefined;
  const ending = new AbortController();
  try {
    service = await start(folder, adminToken, tenants, options.port ?? Number(process.env.PORT ?? 8025));
    outputLine(`console       ${service.signInLink()}`);
    outputLine(`API           ${service.url}/api/v1  (bearer token ${adminToken})`);
    await setUp(service, adminToken, tenants);
    const following = tenants.map((tenant) =>
      followEvents(tenant, (service as Service).assembly.store, outputLine, ending.signal),
    );
    const streaming = stream(tenants, ending.signal);
    await Promise.race([stopped, streaming]);
    ending.abort();
    await Promise.allSettled([...following, streaming]);
  } finally {
    outputLine("stopping");
    await service?.stop();
    await Promise.all(tenants.map((tenant) => tenant.close()));
    if (options.keep) errorLine(`the data folder is kept: ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
  return 0;
}

/** On the usual port, or any free one when somebody has it. */
async function start(
  folder: string,
  adminToken: string,
  tenants: readonly DemoTenant[],
  port: number,
): Promise<Service> {
  const environment = Object.assign({}, ...tenants.map((tenant) => tenant.environment));
  const config = {
    ...readConfig(
      {
        ...environment,
        POSTERN_DATA_DIR: folder,
        POSTERN_ADMIN_TOKEN: adminToken,
        LOG_LEVEL: process.env.LOG_LEVEL ?? "warn",
      },
      folder,
    ),
    PORT: port,
  };
  const logger = pino({ level: config.LOG_LEVEL }, pino.destination({ dest: 2, sync: false }));
  try {
    return await startService(config, "all", logger);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    errorLine(`port ${port} is taken; another one is used`);
    return startService({ ...config, PORT: 0 }, "all", logger);
  }
}

async function setUp(service: Service, adminToken: string, tenants: readonly DemoTenant[]): Promise<void> {
  const client = openApiClient(service.url ?? "", adminToken);
  client.expect(
    await client.call("PUT", "/api/v1/policy", { text: DEMO_POLICY, contentType: "application/yaml" }),
    200,
  );
  for (const tenant of tenants)
    await connectTenant(
      JSON.stringify(tenant.settings),
      client,
      (line) => line.startsWith("  ") || outputLine(`tenant        ${line}`),
    );
}

async function stream(tenants: readonly DemoTenant[], signal: AbortSignal): Promise<void> {
  const rounds: (readonly (readonly [DemoTenant, SampleMail])[])[] = await Promise.all(
    tenants.map(async (tenant) => (await sampleMails(tenant.domain)).map((mail) => [tenant, mail] as const)),
  );
  // The two companies take turns.
  const mails = (rounds[0] ?? []).flatMap((entry, index) => [
    entry,
    ...rounds.slice(1).flatMap((other) => other.slice(index, index + 1)),
  ]);
  try {
    while (!signal.aborted) {
      for (const [tenant, mail] of mails) {
        outputLine(`sent          ${mail.from}: ${mail.story}`);
        await tenant.send(mail.from, mail.mime);
        await pause(MAIL_EVERY_MS, undefined, { signal });
      }
      await pause(ROUND_EVERY_MS, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
