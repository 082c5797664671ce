import { readFile } from "node:fs/promises";
import { AuthError, ConfidentialClientApplication, type NodeAuthOptions, ServerError } from "@azure/msal-node";
import { PosternError } from "../../src/core/errors.ts";
import type { MicrosoftTenantSettings } from "../../src/core/tenant.ts";
import { onAbort } from "./abort.ts";
import { readCertificate } from "./certificate.ts";
import type { Endpoints } from "./endpoints.ts";
import type { Throttle } from "./throttle.ts";
import { createTokenTransport } from "./token-transport.ts";

/** A token is renewed so long (ms) before its end, or at half of its life when that is shorter. */
const EARLY_MS = 5 * 60_000;
/** A fresh token that is rejected too is not replaced for so long (ms): the fault is not the token's. */
const REJECTED_AGAIN_MS = 30_000;
/** A token that is younger (ms) is not replaced because of a 403: one mailbox out of scope must not cost a token a call. */
const FORBIDDEN_AFTER_MS = 60_000;

/**
 * A credential that was refused is not shown again for so long (ms): thousands of waiting messages must not ask the token
 * endpoint thousands of times. Short, because a new secret's use is noticed after it.
 */
const REFUSED_AGAIN_MS = 10_000;

export interface Credentials {
  /**
   * An access token for Microsoft Graph; many callers share one request for it.
   * @param rejected a token that Graph answered with 401: another one is given out, unless that was tried just now.
   * @throws PosternError PROVIDER_UNAUTHORIZED when the token endpoint refuses, PROVIDER_UNAVAILABLE when it is away.
   */
  token(signal: AbortSignal, rejected?: string): Promise<string>;
  /**
   * A new token in any case: rights that were granted after a token was made are not in it.
   * @param forbidden a token that was answered with 403: replaced only when it is old enough to lack a new right.
   */
  renewed(signal: AbortSignal, forbidden?: string): Promise<string>;
  close(): void;
}

/**
 * Client credentials through msal-node: secret, certificate or federated assertion.
 * Tokens are kept here and not in msal's cache, which asks anew for each call when a token lives under five minutes.
 */
export function openCredentials(
  settings: Pick<MicrosoftTenantSettings, "tenantId" | "clientId" | "credential">,
  endpoints: Pick<Endpoints, "loginUrl" | "scope">,
  parts: { readonly throttle: Throttle; readonly fetch: typeof fetch },
): Credentials {
  const tokenUrl = `${endpoints.loginUrl}/${encodeURIComponent(settings.tenantId)}/oauth2/v2.0/token`;
  const transport = createTokenTransport(tokenUrl, parts.throttle, parts.fetch);
  const application = new ConfidentialClientApplication({
    auth: { clientId: settings.clientId, ...authority(settings.tenantId, tokenUrl), ...proof(settings.credential) },
    system: { networkClient: transport.client, disableInternalRetries: true },
  });
  let current: { readonly token: string; readonly until: number } | undefined;
  let pending: Promise<string> | undefined;
  let replacedAt = Number.NEGATIVE_INFINITY;
  let madeAt = Number.NEGATIVE_INFINITY;
  let refusal: { readonly error: PosternError; readonly until: number } | undefined;

  async function acquire(): Promise<string> {
    const result = await application
      .acquireTokenByClientCredential({ scopes: [endpoints.scope], skipCache: true })
      .catch((error: unknown) => {
        const failure = transport.takeFailure();
        if (failure !== undefined) throw failure;
        refusal = { error: refused(error), until: Date.now() + REFUSED_AGAIN_MS };
        throw refusal.error;
      });
    if (result === null || result.accessToken === "") throw refused(undefined);
    refusal = undefined;
    const life = (result.expiresOn?.getTime() ?? 0) - Date.now();
    current = { token: result.accessToken, until: Date.now() + Math.max(life - EARLY_MS, life / 2) };
    return result.accessToken;
  }

  function fresh(signal: AbortSignal): Promise<string> {
    pending ??= acquire().finally(() => {
      pending = undefined;
      madeAt = Date.now();
    });
    return unlessAborted(pending, signal);
  }

  return {
    async token(signal, rejected) {
      signal.throwIfAborted();
      if (current !== undefined && Date.now() < current.until && pending === undefined) {
        if (current.token !== rejected || Date.now() - replacedAt < REJECTED_AGAIN_MS) return current.token;
        replacedAt = Date.now();
        current = undefined;
      }
      if (refusal !== undefined && Date.now() < refusal.until && pending === undefined) throw refusal.error;
      return await fresh(signal);
    },
    async renewed(signal, forbidden) {
      signal.throwIfAborted();
      if (forbidden !== undefined && (current?.token !== forbidden || Date.now() - madeAt < FORBIDDEN_AFTER_MS))
        return current?.token ?? forbidden;
      return await fresh(signal);
    },
    close: transport.close,
  };
}

/** Nobody's abort ends the shared request; the one who gave up just stops waiting. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const ignore = onAbort(signal, () => reject(signal.reason));
    promise.then(resolve, reject).finally(ignore);
  });
}

/**
 * msal takes https authorities only and would look each one up. Both are avoided by telling it the endpoints; its
 * requests go through `createTokenTransport`, which knows the one true address.
 */
function authority(tenantId: string, tokenUrl: string): Partial<NodeAuthOptions> {
  const { host } = new URL(tokenUrl);
  const base = `https://${host}/${encodeURIComponent(tenantId)}`;
  const metadata = {
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: tokenUrl,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
  };
  return { authority: base, knownAuthorities: [host], authorityMetadata: JSON.stringify(metadata) };
}

function proof(credential: MicrosoftTenantSettings["credential"]): Partial<NodeAuthOptions> {
  switch (credential.kind) {
    case "secret":
      return { clientSecret: credential.value };
    case "certificate":
      return { clientCertificate: readCertificate(credential.pem) };
    case "federated":
      // Read at each use: the platform renews the file.
      return { clientAssertion: async () => (await readFile(credential.tokenFile, "utf8")).trim() };
  }
}

function refused(error: unknown): PosternError {
  // msal's own message is left out: it repeats what the server wrote about the application.
  const code = error instanceof AuthError ? error.errorCode : "";
  // The number of the AADSTS message: learn.microsoft.com/entra/identity-platform/reference-error-codes.
  const reason = error instanceof ServerError ? String(error.errorNo ?? "") : "";
  return new PosternError("PROVIDER_UNAUTHORIZED", "The token endpoint refused the application's credential", {
    details: { call: "token", code: word(code), reason: word(reason) },
  });
}

function word(text: string): string {
  return /^[A-Za-z0-9_]{1,80}$/.test(text) ? text : "";
}
