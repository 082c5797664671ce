import { randomBytes } from "node:crypto";

/** Google's access tokens live an hour, and say one second less. */
export const TOKEN_LIFETIME_S = 3_599;

/** Who calls: a person impersonated by the service account, or the service account itself. */
export interface Principal {
  /** Primary address of the impersonated person; null for the service account. */
  readonly subject: string | null;
  readonly scopes: readonly string[];
}

export interface TokenStore {
  issue(principal: Principal): string;
  /** The holder of a token that is still valid. */
  resolve(token: string): Principal | undefined;
  /** Makes every token issued so far invalid, as a revoked grant does. */
  revokeAll(): void;
}

export function createTokenStore(clock: () => Date): TokenStore {
  const tokens = new Map<string, { readonly principal: Principal; readonly until: number }>();
  return {
    issue(principal) {
      const token = `ya29.${randomBytes(48).toString("base64url")}`;
      tokens.set(token, { principal, until: clock().getTime() + TOKEN_LIFETIME_S * 1_000 });
      return token;
    },
    resolve(token) {
      const entry = tokens.get(token);
      return entry !== undefined && entry.until > clock().getTime() ? entry.principal : undefined;
    },
    revokeAll() {
      tokens.clear();
    },
  };
}
