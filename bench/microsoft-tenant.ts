import type { MicrosoftSandbox } from "../connectors/sandbox/microsoft/sandbox.ts";
import { type ServiceProcess, serviceProcess } from "../test/support/process-service.ts";

/** The service beside a sandbox, in a process of its own as in production: embedded, a reading process for each core. */
export function serviceBeside(sandbox: MicrosoftSandbox): Promise<ServiceProcess> {
  return serviceProcess({
    POSTERN_GRAPH_URL: sandbox.graphUrl,
    POSTERN_LOGIN_URL: sandbox.loginUrl,
    POSTERN_CHILDREN: "0",
    LOG_LEVEL: "fatal",
  });
}

/** Connects the sandbox, all mailboxes, sent mail. */
export async function connect(
  sandbox: MicrosoftSandbox,
  service: ServiceProcess,
  mode: { readonly mode: "observe" } | { readonly mode: "respond"; readonly serviceMailbox: string },
): Promise<void> {
  const { status } = await service.api.request("POST", "/api/v1/tenants", {
    provider: "microsoft",
    name: "Bench",
    tenantId: sandbox.tenantId,
    clientId: sandbox.clientId,
    cloud: "global",
    credential: { kind: "secret", value: sandbox.clientSecret },
    mailboxes: "all",
    stages: ["sent"],
    ...mode,
  });
  if (status !== 201) throw new Error(`connecting answered ${status}`);
}
