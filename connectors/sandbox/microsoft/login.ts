import { constants, createHash, createPublicKey, randomUUID, verify, X509Certificate } from "node:crypto";
import { type AccessTokens, issueToken } from "./access-token.ts";
import type { Answer } from "./call.ts";

/** The application registration that the sandbox's tenant has consented to. */
export interface Application {
  readonly clientId: string;
  /** Secrets that are valid now; two during a rotation. */
  readonly secrets: Set<string>;
  /** PEM certificates whose keys may sign client assertions. */
  readonly certificates: Set<string>;
  /** Application roles that the administrator consented to; read when a token is issued. */
  readonly roles: Set<string>;
  tokenLifeSeconds: number;
  /** Consent withdrawn: the token endpoint answers AADSTS7000112. */
  disabled: boolean;
}

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
    return failure(request, 400, "invalid_request", 900561, "The endpoint only accepts POST requests.");
  if (!knowsTenant(request, tenant)) return unknownTenant(request, tenant);
  return token(request, new URLSearchParams(body.toString("utf8")));
}

function token(request: LoginRequest, form: URLSearchParams): Answer {
  const { application } = request;
  if (form.get("grant_type") !== "client_credentials") {
    return failure(request, 400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.");
  }
  if (form.get("client_id") !== application.clientId) {
    return failure(
      request,
      400,
      "unauthorized_client",
      700016,
      `Application with identifier '${form.get("client_id")}' was not found in the directory.`,
    );
  }
  if (application.disabled) {
    return failure(request, 400, "unauthorized_client", 7000112, "Application is disabled.");
  }
  const scope = form.get("scope") ?? "";
  if (!scope.split(" ").some((one) => one.endsWith("/.default"))) {
    return failure(
      request,
      400,
      "invalid_scope",
      1002012,
      "The provided value for scope is not valid: it must end in /.default.",
    );
  }
  const refused = form.has("client_assertion") ? refusedAssertion(request, form) : refusedSecret(request, form);
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

function refusedSecret(request: LoginRequest, form: URLSearchParams): Answer | undefined {
  const secret = form.get("client_secret");
  if (secret === null) {
    return failure(
      request,
      401,
      "invalid_client",
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    );
  }
  if (request.application.secrets.has(secret)) return undefined;
  return failure(
    request,
    401,
    "invalid_client",
    7000215,
    "Invalid client secret provided. Ensure the secret being sent is the value.",
  );
}

/** Checks a client assertion (RFC 7523): type, signature by a registered certificate, audience, subject and life. */
function refusedAssertion(request: LoginRequest, form: URLSearchParams): Answer | undefined {
  const refuse = (code: number, text: string) => failure(request, 401, "invalid_client", code, text);
  if (form.get("client_assertion_type") !== "urn:ietf:params:oauth:client-assertion-type:jwt-bearer") {
    return refuse(700027, "The client assertion type is not supported.");
  }
  const [head = "", claims = "", signature = ""] = (form.get("client_assertion") ?? "").split(".");
  const header = decodePart(head);
  const payload = decodePart(claims);
  if (!header || !payload) return refuse(50027, "JWT token is invalid or malformed.");
  const certificate = [...request.application.certificates].find((pem) => {
    const { raw } = new X509Certificate(pem);
    return (
      header["x5t#S256"] === createHash("sha256").update(raw).digest("base64url") ||
      header.x5t === createHash("sha1").update(raw).digest("base64url")
    );
  });
  if (certificate === undefined)
    return refuse(700027, "The certificate used to sign the client assertion is not registered.");
  const padding = header.alg === "PS256" ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : {};
  const key = { key: createPublicKey(certificate), ...padding };
  if (!verify("sha256", Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, "base64url"))) {
    return refuse(700027, "Client assertion failed signature validation.");
  }
  const { clientId } = request.application;
  if (payload.iss !== clientId || payload.sub !== clientId)
    return refuse(700021, "Client assertion issuer or subject is wrong.");
  const seconds = request.now.getTime() / 1000;
  if (typeof payload.exp !== "number" || payload.exp <= seconds)
    return refuse(700024, "Client assertion is not within its valid time range.");
  if (!String(payload.aud).includes(`/oauth2/v2.0/token`))
    return refuse(700023, "Client assertion audience claim is wrong.");
  return undefined;
}

function decodePart(part: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function knowsTenant({ tenantId, domains }: LoginRequest, tenant: string): boolean {
  return tenant.toLowerCase() === tenantId.toLowerCase() || domains.includes(tenant.toLowerCase());
}

function unknownTenant(request: LoginRequest, tenant: string): Answer {
  return failure(request, 400, "invalid_request", 90002, `Tenant '${tenant}' not found.`);
}

/** Error document of the token endpoint; `error_codes` carries the AADSTS number. */
function failure({ now }: LoginRequest, status: number, error: string, code: number, text: string): Answer {
  const timestamp = `${now.toISOString().slice(0, 19).replace("T", " ")}Z`;
  const ids = { trace_id: randomUUID(), correlation_id: randomUUID() };
  const description = `AADSTS${code}: ${text} Trace ID: ${ids.trace_id} Correlation ID: ${ids.correlation_id} Timestamp: ${timestamp}`;
  return { status, body: { error, error_description: description, error_codes: [code], timestamp, ...ids } };
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
