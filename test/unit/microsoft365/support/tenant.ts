import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type ConnectorContext, openMicrosoftConnector } from "../../../../connectors/microsoft365/connector.ts";
import type { Fault, FaultEffect, FaultRule } from "../../../../connectors/sandbox/microsoft/faults.ts";
import { type MicrosoftSandbox, startMicrosoftSandbox } from "../../../../connectors/sandbox/microsoft/sandbox.ts";
import type { SeenRequest } from "../../../../connectors/sandbox/microsoft/seen-request.ts";
import type { MailConnector } from "../../../../src/core/ports.ts";
import type { DirectoryMailbox, MicrosoftTenantSettings } from "../../../../src/core/tenant.ts";
import { checkGraphRequest, graphSpecMissing } from "../../../support/graph-spec.ts";

export const PEOPLE = {
  sender: "ann@contoso.example",
  colleague: "carl@contoso.example",
  manager: "mia@contoso.example",
  outsider: "bob@out.example",
} as const;
export const SERVICE = "dlp@contoso.example";
export const TENANT_ID = "tenant-1";

/** A sandbox tenant with four people, a listener for notifications and a connector in `respond` mode. */
export interface TestTenant {
  readonly sandbox: MicrosoftSandbox;
  readonly connector: MailConnector & { close(): void };
  readonly settings: MicrosoftTenantSettings;
  /** Bodies that were posted to the listener, in order. */
  readonly pushed: readonly Uint8Array[];
  readonly notificationUrl: string;
  open(
    change?: Partial<MicrosoftTenantSettings>,
    context?: Partial<ConnectorContext>,
  ): MailConnector & { close(): void };
  close(): Promise<void>;
}

/** The next request that fits meets this trouble. */
export function meet(sandbox: MicrosoftSandbox, rule: Omit<FaultRule, "effect">, effect: FaultEffect): Fault {
  return sandbox.faults.add({ ...rule, effect });
}

const QUIET = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export async function startTestTenant(): Promise<TestTenant> {
  const sandbox = await startMicrosoftSandbox({ domains: ["contoso.example"] });
  sandbox.addUser({ address: PEOPLE.manager, displayName: "Mia" });
  sandbox.addUser({ address: PEOPLE.sender, displayName: "Ann", manager: PEOPLE.manager });
  sandbox.addUser({ address: PEOPLE.colleague, displayName: "Carl" });
  sandbox.addUser({ address: SERVICE, displayName: "DLP" });
  const listener = await listen();
  const settings: MicrosoftTenantSettings = {
    provider: "microsoft",
    name: "Contoso",
    tenantId: sandbox.tenantId,
    clientId: sandbox.clientId,
    cloud: "global",
    credential: { kind: "secret", value: sandbox.clientSecret },
    mailboxes: "all",
    stages: ["sent", "draft", "outbox"],
    mode: "respond",
    serviceMailbox: SERVICE,
  };
  let people: ReadonlyMap<string, DirectoryMailbox> | undefined;
  const opened: (MailConnector & { close(): void })[] = [];

  function open(change: Partial<MicrosoftTenantSettings> = {}, context: Partial<ConnectorContext> = {}) {
    const connector = openMicrosoftConnector(
      { ...settings, ...change },
      {
        tenantId: TENANT_ID,
        endpoints: { graphUrl: sandbox.graphUrl, loginUrl: sandbox.loginUrl },
        clock: { now: () => new Date() },
        logger: QUIET,
        metrics: { count: () => {}, observe: () => {} },
        lookup: async (address) => {
          people ??= new Map((await connector.directory(signal)).mailboxes.map((entry) => [entry.address, entry]));
          return people.get(address);
        },
        ...context,
      },
    );
    opened.push(connector);
    return connector;
  }
  const { signal } = new AbortController();

  return {
    sandbox,
    settings,
    connector: open(),
    pushed: listener.bodies,
    notificationUrl: listener.url,
    open,
    close: async () => {
      for (const connector of opened) connector.close();
      await sandbox.close();
      await listener.close();
      const faults = graphSpecMissing === undefined ? outsideTheSpecification(sandbox.requests) : [];
      if (faults.length > 0) throw new Error(`requests outside the API description:\n${faults.join("\n")}`);
    },
  };
}

/** Without what a nextLink brought: that is the service's affair. */
function ownQuery(query: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...query].filter(([name]) => name !== "$skiptoken"));
}

function outsideTheSpecification(requests: readonly SeenRequest[]): readonly string[] {
  const toGraph = requests.filter((seen) => /^\/(v1\.0|beta)\//.test(seen.path));
  return [...new Set(toGraph.flatMap((seen) => checkGraphRequest({ ...seen, query: ownQuery(seen.query) })))];
}

/** Answers Graph's handshake and keeps what is posted. */
async function listen() {
  const bodies: Uint8Array[] = [];
  const server = createServer((request, response) => {
    const token = new URL(request.url ?? "/", "http://127.0.0.1").searchParams.get("validationToken");
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (token === null) bodies.push(Buffer.concat(chunks));
      response.writeHead(token === null ? 202 : 200, { "content-type": "text/plain" }).end(token ?? "");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server on a port has no other kind of address.
  const { port } = server.address() as AddressInfo;
  return {
    bodies,
    url: `http://127.0.0.1:${port}/webhooks/microsoft`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
