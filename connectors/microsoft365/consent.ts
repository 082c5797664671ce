import type { Consent } from "../../src/core/live-check.ts";
import type { MicrosoftCloud, MicrosoftTenantSettings, TenantMode } from "../../src/core/tenant.ts";
import { resolveEndpoints } from "./endpoints.ts";

const READING = ["Mail.Read", "User.Read.All", "Domain.Read.All", "GroupMember.Read.All"] as const;
/** Application permissions of each mode, as docs/connect-microsoft365.md lists them. */
const PERMISSIONS: Readonly<Record<TenantMode, readonly string[]>> = {
  observe: READING,
  respond: [...READING, "Mail.ReadWrite", "Mail.Send", "MailboxSettings.ReadWrite"],
};

/** Where the administrator of a tenant grants what its mode needs. */
export function consentPage(
  settings: Pick<MicrosoftTenantSettings, "cloud" | "tenantId" | "clientId" | "mode">,
  back: { readonly redirectUri: string; readonly state: string; readonly loginUrl?: string },
): Consent {
  const { cloud, tenantId, clientId, mode } = settings;
  return {
    provider: "microsoft",
    address: consentUrl({ cloud, tenantId, clientId, ...back }),
    permissions: PERMISSIONS[mode],
  };
}

/**
 * Where an administrator of the tenant grants the application's rights
 * (learn.microsoft.com/entra/identity-platform/v2-admin-consent). `state` must be signed and used once; the tenant that
 * comes back in the redirect is forgeable and proves nothing before a token for it was obtained.
 * @param request.tenantId a directory id, or `organizations` while it is not known
 */
export function consentUrl(request: {
  readonly cloud: MicrosoftCloud;
  readonly tenantId: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly loginUrl?: string;
}): string {
  const { loginUrl, scope } = resolveEndpoints(
    request.cloud,
    request.loginUrl === undefined ? {} : { loginUrl: request.loginUrl },
  );
  const url = new URL(`${loginUrl}/${encodeURIComponent(request.tenantId)}/v2.0/adminconsent`);
  url.searchParams.set("client_id", request.clientId);
  url.searchParams.set("scope", scope);
  url.searchParams.set("redirect_uri", request.redirectUri);
  url.searchParams.set("state", request.state);
  return url.href;
}
