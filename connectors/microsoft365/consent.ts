import type { Consent, ConsentTier } from "../../src/core/live-check.ts";
import type { MicrosoftCloud, MicrosoftTenantSettings } from "../../src/core/tenant.ts";
import { resolveEndpoints } from "./endpoints.ts";

const TIER_NAMES = ["observe", "respond", "remediate"] as const;
/** Application permissions that each tier adds, as docs/connect-microsoft365.md lists them. */
const TIERS: Readonly<Record<ConsentTier["name"], readonly string[]>> = {
  observe: ["Mail.Read", "User.Read.All", "Domain.Read.All", "GroupMember.Read.All"],
  respond: ["Mail.ReadWrite", "Mail.Send", "MailboxSettings.ReadWrite"],
  remediate: ["SecurityAnalyzedMessage.ReadWrite.All"],
};

/** Where the administrator of a tenant grants what its mode needs, and what each tier would ask for. */
export function consentPage(
  settings: Pick<MicrosoftTenantSettings, "cloud" | "tenantId" | "clientId" | "mode" | "capabilities">,
  back: { readonly redirectUri: string; readonly state: string; readonly loginUrl?: string },
): Consent {
  const { cloud, tenantId, clientId } = settings;
  return {
    provider: "microsoft",
    address: consentUrl({ cloud, tenantId, clientId, ...back }),
    permissions: neededPermissions(settings),
    tiers: tiersOf(settings),
  };
}

/** Application permissions that the settings need. */
export function neededPermissions(settings: Needs): readonly string[] {
  return tiersOf(settings).flatMap((tier) => (tier.needed ? tier.adds : []));
}

type Needs = Pick<MicrosoftTenantSettings, "mode" | "capabilities">;

function tiersOf({ mode, capabilities }: Needs): readonly ConsentTier[] {
  const responds = mode === "respond";
  const needs = { observe: true, respond: responds, remediate: responds && capabilities?.defender === true };
  return TIER_NAMES.map((name) => ({ name, adds: TIERS[name], needed: needs[name] }));
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
