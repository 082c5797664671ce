import { type AccessTokens, issueToken } from "./access-token.ts";
import type { Application } from "./application.ts";
import type { Answer } from "./call.ts";
import { refusedProof } from "./client-proof.ts";
import { loginFailure } from "./login-failure.ts";

export interface LoginRequest {
  readonly tenantId: string;
  readonly domains: readonly string[];
  readonly application: Application;
  readonly tokens: AccessTokens;
  readonly now: Date;
  /** Address of this endpoint, without a path. */
  readonly loginUrl: string;
  readonly graphUrl: string;
}

/** Answers token requests, OpenID discovery, keys and instance discovery; undefined for any other path. */
export function login(request: LoginRequest, method: string, path: string, body: Buffer): Answer | undefined {
  const segments = path.split("/").filter(Boolean).map(decodeURIComponent);
  const [tenant = "", ...rest] = segments;
  const action = rest.join("/");
  if (action === "discovery/instance") return { status: 200, body: instanceDiscovery(request.loginUrl) };
  if (action === "discovery/v2.0/keys") return { status: 200, body: { keys: [] } };
  if (action === "v2.0/.well-known/openid-configuration") {
    if (!knowsTenant(request, tenant)) return unknownTenant(request, tenant);
    return { status: 200, body: openIdConfiguration(request) };
  }
  if (action !== "oauth2/v2.0/token") return undefined;
  if (method !== "POST")
    return loginFailure(request.now, 400, "invalid_request", 900561, "The endpoint only accepts POST requests.");
  if (!knowsTenant(request, tenant)) return unknownTenant(request, tenant);
  return token(request, new URLSearchParams(body.toString("utf8")));
}

function token(request: LoginRequest, form: URLSearchParams): Answer {
  const { application } = request;
  if (form.get("grant_type") !== "client_credentials") {
    return loginFailure(
      request.now,
      400,
      "unsupported_grant_type",
      70003,
      "The app requested an unsupported grant type.",
    );
  }
  if (form.get("client_id") !== application.clientId) {
    return loginFailure(
      request.now,
      400,
      "unauthorized_client",
      700016,
      `Application with identifier '${form.get("client_id")}' was not found in the directory.`,
    );
  }
  if (application.disabled) {
    return loginFailure(request.now, 400, "unauthorized_client", 7000112, "Application is disabled.");
  }
  const scope = form.get("scope") ?? "";
  if (!scope.split(" ").some((one) => one.endsWith("/.default"))) {
    return loginFailure(
      request.now,
      400,
      "invalid_scope",
      1002012,
      "The provided value for scope is not valid: it must end in /.default.",
    );
  }
  const refused = refusedProof(application, form, request.now);
  if (refused) return refused;
  const issued = issueToken(request.tokens, {
    tenantId: request.tenantId,
    clientId: application.clientId,
    audience: scope.replace(/\/?\.default.*$/, ""),
    roles: application.roles,
    now: request.now,
    lifeSeconds: application.tokenLifeSeconds,
  });
  const life = application.tokenLifeSeconds;
  const answer = { token_type: "Bearer", expires_in: life, ext_expires_in: life, access_token: issued.value };
  return { status: 200, body: answer };
}

function knowsTenant({ tenantId, domains }: LoginRequest, tenant: string): boolean {
  return tenant.toLowerCase() === tenantId.toLowerCase() || domains.includes(tenant.toLowerCase());
}

function unknownTenant(request: LoginRequest, tenant: string): Answer {
  return loginFailure(request.now, 400, "invalid_request", 90002, `Tenant '${tenant}' not found.`);
}

function openIdConfiguration({ loginUrl, tenantId, graphUrl }: LoginRequest): object {
  const base = `${loginUrl}/${tenantId}`;
  return {
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
    response_types_supported: ["code", "id_token", "token"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    msgraph_host: new URL(graphUrl).host,
  };
}

function instanceDiscovery(loginUrl: string): object {
  const { host } = new URL(loginUrl);
  return {
    tenant_discovery_endpoint: `${loginUrl}/common/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
}
