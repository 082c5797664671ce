import { expect } from "vitest";
import { type GoogleSandbox, startGoogleSandbox } from "../../connectors/sandbox/google/sandbox.ts";
import { type Environment, type FlowService, startFlowService } from "./flow-service.ts";
import { checkGoogleRequest, hasGoogleSpecs } from "./google-spec.ts";
import { DOMAIN } from "./microsoft-service.ts";

/** The composed service in embedded mode beside a sandbox organisation that is not connected yet. */
export interface GoogleFlow extends FlowService {
  readonly sandbox: GoogleSandbox;
  /** Body of `POST /api/v1/tenants` for the sandbox. */
  settings(change?: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

/** Closing checks every request that the connector made against Google's descriptions, where `POSTERN_SPECS` is set. */
export async function startGoogleFlow(environment: Environment = {}): Promise<GoogleFlow> {
  const sandbox = await startPeopledGoogle();
  const flow = await startFlowService({ ...googleEnvironment(sandbox), ...environment });
  return {
    ...flow,
    get service() {
      return flow.service;
    },
    sandbox,
    settings: (change = {}) => ({ ...googleSettings(sandbox), ...change }),
    async close() {
      await flow.close();
      await sandbox.close();
      // A token that was revoked has no scopes that could be compared; such a request is refused one way or another.
      const isRefused = (status: number | null): boolean => status === null || status >= 400;
      const known = sandbox.requests.filter(({ status, scopes }) => scopes.length > 0 || !isRefused(status));
      if (hasGoogleSpecs) expect(known.flatMap((seen) => checkGoogleRequest(seen))).toEqual([]);
    },
  };
}

/** A sandbox with the same people as the Microsoft one; `admin` sends the notices. */
export async function startPeopledGoogle(): Promise<GoogleSandbox> {
  const sandbox = await startGoogleSandbox({ domains: [DOMAIN] });
  for (const name of ["boss", "ann", "bob", "carl", "dora"])
    sandbox.addUser({
      address: `${name}@${DOMAIN}`,
      name,
      ...(name === "ann" ? { manager: `boss@${DOMAIN}` } : {}),
    });
  return sandbox;
}

export function googleEnvironment(sandbox: GoogleSandbox): Environment {
  return {
    POSTERN_GMAIL_URL: sandbox.gmailUrl,
    POSTERN_GOOGLE_TOKEN_URL: sandbox.tokenUrl,
    POSTERN_GOOGLE_ADMIN_URL: sandbox.adminUrl,
    POSTERN_GOOGLE_PUBSUB_URL: sandbox.pubsubUrl,
    POSTERN_GOOGLE_CERTS_URL: sandbox.certsUrl,
    POSTERN_GOOGLE_IAM_URL: sandbox.iamUrl,
  };
}

export function googleSettings(sandbox: GoogleSandbox): Record<string, unknown> {
  return {
    provider: "google",
    name: "Corp",
    customerId: sandbox.customerId,
    adminEmail: sandbox.adminEmail,
    credential: { kind: "service-account-key", key: sandbox.serviceAccount },
    pubsub: { ...sandbox.pubsub, delivery: "pull" },
    mailboxes: "all",
    stages: ["sent"],
    mode: "respond",
  };
}
