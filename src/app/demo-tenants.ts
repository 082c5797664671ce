import { startGoogleSandbox } from "../../connectors/sandbox/google/sandbox.ts";
import { startMicrosoftSandbox } from "../../connectors/sandbox/microsoft/sandbox.ts";
import { colleagues } from "../../connectors/sandbox/samples/company.ts";
import type { TenantSettings } from "../core/tenant.ts";

/** One sandbox tenant with its people, and how the service reaches it. */
export interface DemoTenant {
  readonly domain: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly settings: TenantSettings;
  send(from: string, mime: Uint8Array): Promise<unknown>;
  close(): Promise<void>;
}

/** A small company on Microsoft 365 and one on Google Workspace, on loopback. */
export function startDemoTenants(): Promise<readonly DemoTenant[]> {
  return Promise.all([startMicrosoft("contoso.example"), startGoogle("fabrikam.example")]);
}

async function startMicrosoft(domain: string): Promise<DemoTenant> {
  const sandbox = await startMicrosoftSandbox({ domains: [domain] });
  for (const { manager, ...person } of colleagues(domain))
    sandbox.addUser({ ...person, ...(manager === null ? {} : { manager }) });
  return {
    domain,
    environment: { POSTERN_GRAPH_URL: sandbox.graphUrl, POSTERN_LOGIN_URL: sandbox.loginUrl },
    settings: {
      provider: "microsoft",
      name: "Contoso (sandbox)",
      tenantId: sandbox.tenantId,
      clientId: sandbox.clientId,
      cloud: "global",
      credential: { kind: "secret", value: sandbox.clientSecret },
      mailboxes: "all",
      stages: ["sent"],
      mode: "respond",
      serviceMailbox: `dlp@${domain}`,
    },
    send: (from, mime) => sandbox.send(from, mime),
    close: () => sandbox.close(),
  };
}

async function startGoogle(domain: string): Promise<DemoTenant> {
  const sandbox = await startGoogleSandbox({ domains: [domain] });
  for (const { manager, displayName, address } of colleagues(domain))
    if (address !== sandbox.adminEmail)
      sandbox.addUser({ address, name: displayName, ...(manager === null ? {} : { manager }) });
  const { client_email, private_key } = sandbox.serviceAccount;
  return {
    domain,
    environment: {
      POSTERN_GMAIL_URL: sandbox.gmailUrl,
      POSTERN_GOOGLE_TOKEN_URL: sandbox.tokenUrl,
      POSTERN_GOOGLE_ADMIN_URL: sandbox.adminUrl,
      POSTERN_GOOGLE_PUBSUB_URL: sandbox.pubsubUrl,
      POSTERN_GOOGLE_CERTS_URL: sandbox.certsUrl,
      POSTERN_GOOGLE_IAM_URL: sandbox.iamUrl,
    },
    settings: {
      provider: "google",
      name: "Fabrikam (sandbox)",
      customerId: sandbox.customerId,
      adminEmail: sandbox.adminEmail,
      credential: { kind: "service-account-key", key: { client_email, private_key } },
      pubsub: { ...sandbox.pubsub, delivery: "pull" },
      mailboxes: "all",
      stages: ["sent"],
      mode: "respond",
      serviceMailbox: `dlp@${domain}`,
    },
    send: (from, mime) => sandbox.send(from, mime),
    close: () => sandbox.close(),
  };
}
