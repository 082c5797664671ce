import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { type MicrosoftSandbox, startMicrosoftSandbox } from "../../connectors/sandbox/microsoft/sandbox.ts";
import { readConfig } from "../../src/app/config.ts";
import { type Service, startService } from "../../src/app/service.ts";
import { type Api, openApi } from "./api.ts";

export const ADMIN_TOKEN = "test-administrator";

/** The composed service in embedded mode beside a sandbox tenant that is not connected yet. */
export interface MicrosoftFlow {
  readonly sandbox: MicrosoftSandbox;
  readonly service: Service;
  readonly api: Api;
  readonly folder: string;
  /** Body of `POST /api/v1/tenants` for the sandbox. */
  settings(change?: Readonly<Record<string, unknown>>): Record<string, unknown>;
  close(): Promise<void>;
}

export const DOMAIN = "corp.example";

export async function startMicrosoftFlow(environment: Readonly<Record<string, string>> = {}): Promise<MicrosoftFlow> {
  const sandbox = await startMicrosoftSandbox({ domains: [DOMAIN] });
  for (const name of ["ann", "bob", "carl", "dlp", "boss"])
    sandbox.addUser({
      address: `${name}@${DOMAIN}`,
      displayName: name,
      ...(name === "ann" ? { manager: `boss@${DOMAIN}` } : {}),
    });
  const folder = mkdtempSync(join(tmpdir(), "postern-flow-"));
  const config = readConfig(
    {
      POSTERN_DATA_DIR: folder,
      POSTERN_ADMIN_TOKEN: ADMIN_TOKEN,
      PORT: "0",
      POSTERN_GRAPH_URL: sandbox.graphUrl,
      POSTERN_LOGIN_URL: sandbox.loginUrl,
      POSTERN_CHILDREN: "1",
      LOG_LEVEL: process.env.LOG_LEVEL ?? "error",
      ...environment,
    },
    folder,
  );
  const service = await startService(config, "all", pino({ level: config.LOG_LEVEL }));
  return {
    sandbox,
    service,
    folder,
    api: openApi(service.url ?? "", ADMIN_TOKEN),
    settings: (change = {}) => ({
      provider: "microsoft",
      name: "Corp",
      tenantId: sandbox.tenantId,
      clientId: sandbox.clientId,
      cloud: "global",
      credential: { kind: "secret", value: sandbox.clientSecret },
      mailboxes: "all",
      stages: ["sent"],
      mode: "respond",
      serviceMailbox: `dlp@${DOMAIN}`,
      ...change,
    }),
    async close() {
      await service.stop();
      await sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
