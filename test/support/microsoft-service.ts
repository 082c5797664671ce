import { expect } from "vitest";
import { type MicrosoftSandbox, startMicrosoftSandbox } from "../../connectors/sandbox/microsoft/sandbox.ts";
import { type Environment, type FlowService, startFlowService } from "./flow-service.ts";
import { checkGraphRequest } from "./graph-spec.ts";

export { ADMIN_TOKEN } from "./flow-service.ts";

export const DOMAIN = "corp.example";

/** The composed service in embedded mode beside a sandbox tenant that is not connected yet. */
export interface MicrosoftFlow extends FlowService {
  readonly sandbox: MicrosoftSandbox;
  /** Body of `POST /api/v1/tenants` for the sandbox. */
  settings(change?: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

/** Closing checks every request that the connector made against Microsoft's description, where `POSTERN_SPECS` is set. */
export async function startMicrosoftFlow(environment: Environment = {}): Promise<MicrosoftFlow> {
  const sandbox = await startPeopledMicrosoft();
  const flow = await startFlowService({ ...microsoftEnvironment(sandbox), ...environment });
  return {
    ...flow,
    get service() {
      return flow.service;
    },
    sandbox,
    settings: (change = {}) => ({ ...microsoftSettings(sandbox), ...change }),
    async close() {
      await flow.close();
      await sandbox.close();
      expect(sandbox.requests.flatMap((seen) => checkGraphRequest(seen))).toEqual([]);
    },
  };
}

/** A sandbox with Ann, whose manager is Boss, Bob, Carl, Dora and the service mailbox dlp. */
export async function startPeopledMicrosoft(): Promise<MicrosoftSandbox> {
  const sandbox = await startMicrosoftSandbox({ domains: [DOMAIN] });
  for (const name of ["ann", "bob", "carl", "dora", "dlp", "boss"])
    sandbox.addUser({
      address: `${name}@${DOMAIN}`,
      displayName: name,
      ...(name === "ann" ? { manager: `boss@${DOMAIN}` } : {}),
    });
  return sandbox;
}

export function microsoftEnvironment(sandbox: MicrosoftSandbox): Environment {
  return { POSTERN_GRAPH_URL: sandbox.graphUrl, POSTERN_LOGIN_URL: sandbox.loginUrl };
}

export function microsoftSettings(sandbox: MicrosoftSandbox): Record<string, unknown> {
  return {
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
  };
}
