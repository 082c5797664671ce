import { createHmac, randomBytes } from "node:crypto";
import { GraphError } from "./graph-error.ts";

export interface AccessToken {
  readonly value: string;
  readonly clientId: string;
  /** Application roles at the time of issue; a grant made later needs a new token. */
  readonly roles: ReadonlySet<string>;
  readonly expiresAt: Date;
}

/** Tokens that were issued and not revoked. */
export interface AccessTokens {
  readonly issued: Map<string, AccessToken>;
  readonly key: Buffer;
}

export function createAccessTokens(): AccessTokens {
  return { issued: new Map(), key: randomBytes(32) };
}

/** A token that looks like Entra's: a JWT with tid, appid, roles and exp. Clients must treat it as opaque. */
export function issueToken(
  tokens: AccessTokens,
  grant: {
    readonly tenantId: string;
    readonly clientId: string;
    readonly audience: string;
    readonly roles: Iterable<string>;
    readonly now: Date;
    readonly lifeSeconds: number;
  },
): AccessToken {
  const issuedAt = Math.floor(grant.now.getTime() / 1000);
  const roles = [...grant.roles];
  const head = encode({ typ: "JWT", alg: "HS256" });
  const claims = encode({
    aud: grant.audience,
    iss: `https://sts.windows.net/${grant.tenantId}/`,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + grant.lifeSeconds,
    appid: grant.clientId,
    tid: grant.tenantId,
    idtyp: "app",
    roles,
    uti: randomBytes(12).toString("base64url"),
    ver: "1.0",
  });
  const signature = createHmac("sha256", tokens.key).update(`${head}.${claims}`).digest("base64url");
  const token: AccessToken = {
    value: `${head}.${claims}.${signature}`,
    clientId: grant.clientId,
    roles: new Set(roles),
    expiresAt: new Date((issuedAt + grant.lifeSeconds) * 1000),
  };
  tokens.issued.set(token.value, token);
  return token;
}

/** @throws GraphError 401 InvalidAuthenticationToken, with the challenge that Graph sends. */
export function requireToken(tokens: AccessTokens, authorization: string | undefined, now: Date): AccessToken {
  const value = /^Bearer\s+(.+)$/i.exec(authorization ?? "")?.[1];
  if (value === undefined) throw unauthorized("Access token is empty.");
  const token = tokens.issued.get(value);
  if (!token) throw unauthorized("Access token validation failure. Invalid audience or signature.");
  if (token.expiresAt <= now) throw unauthorized("Lifetime validation failed, the token is expired.");
  return token;
}

function unauthorized(message: string): GraphError {
  return new GraphError(401, "InvalidAuthenticationToken", message, {
    "WWW-Authenticate":
      'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"',
  });
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
