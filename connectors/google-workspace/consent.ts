import type { Consent } from "../../src/core/live-check.ts";
import type { GoogleTenantSettings, TenantMode } from "../../src/core/tenant.ts";
import { type Job, SCOPES } from "./scopes.ts";

const DELEGATION_PAGE = "https://admin.google.com/ac/owl/domainwidedelegation";

/** Least scopes of each mode, as docs/connect-google-workspace.md lists them. */
const JOBS: Readonly<Record<TenantMode, readonly Job[]>> = {
  observe: ["metadata", "read", "users", "domains", "groups"],
  respond: ["metadata", "read", "users", "domains", "groups", "modify", "labels", "send"],
};

/** Where a super administrator grants domain-wide delegation, and what is to be pasted there. */
export function consentPage(settings: Pick<GoogleTenantSettings, "credential" | "mode">): Consent {
  const { credential, mode } = settings;
  const scopes = JOBS[mode].map((job) => SCOPES[job][0]);
  const isKey = credential.kind === "service-account-key";
  // Digits only: it goes into an address that people open.
  const clientId = isKey ? (/^\d{5,30}$/.exec(credential.key.client_id ?? "")?.[0] ?? null) : null;
  return {
    provider: "google",
    address: clientId === null ? DELEGATION_PAGE : filledIn(clientId, scopes),
    serviceAccount: isKey ? credential.key.client_email : credential.serviceAccount,
    clientId,
    scopes,
  };
}

/** The console opens its dialog for adding a client with these values in place. */
function filledIn(clientId: string, scopes: readonly string[]): string {
  const url = new URL(DELEGATION_PAGE);
  url.searchParams.set("clientIdToAdd", clientId);
  url.searchParams.set("clientScopeToAdd", scopes.join(","));
  url.searchParams.set("overwriteClientId", "true");
  return url.href;
}
