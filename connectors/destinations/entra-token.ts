import { PosternError } from "../../src/core/errors.ts";
import { checkUrl, type NetworkRules } from "./address-guard.ts";
import { addressOf, type DestinationConf, one } from "./conf.ts";
import { openPoster } from "./http-post.ts";

/** Parameters of an application in Microsoft Entra ID. */
export const ENTRA_PARAMETERS = ["tenant-id", "client-id", "client-secret", "login"] as const;

const LOGIN = new URL("https://login.microsoftonline.com");
/** A token is asked anew so long before it ends. */
const MARGIN_MS = 300_000;

/** Has the form of the Azure SDKs' `TokenCredential`. */
export interface EntraCredential {
  getToken(scopes: string | string[]): Promise<{ readonly token: string; readonly expiresOnTimestamp: number }>;
  close(): Promise<void>;
}

/**
 * The OAuth 2.0 client credentials grant (RFC 6749 4.4) of an application: `tenant-id`, `client-id`, `client-secret`, and
 * `login` in national clouds. Undefined when the conf names no application.
 * @throws PosternError REQUEST_INVALID when only some of them are there
 */
export function entraCredential(conf: DestinationConf, rules: NetworkRules): EntraCredential | undefined {
  const [tenant, id, secret] = [one(conf, "tenant-id"), one(conf, "client-id"), one(conf, "client-secret")];
  if (tenant === undefined && id === undefined && secret === undefined) return undefined;
  if (tenant === undefined || id === undefined || secret === undefined || !/^[\w.-]+$/.test(tenant))
    throw new PosternError("REQUEST_INVALID", "destination_conf: tenant-id, client-id and client-secret go together");
  const login = addressOf(conf, "login") ?? LOGIN;
  checkUrl(login, rules);
  const url = new URL(`/${tenant}/oauth2/v2.0/token`, login);
  const poster = openPoster(rules);
  let known: { readonly token: string; readonly expiresOnTimestamp: number } | undefined;
  return {
    async getToken(scopes) {
      if (known && known.expiresOnTimestamp - MARGIN_MS > Date.now()) return known;
      const form = new URLSearchParams({
        grant_type: "client_credentials",
        client_id: id,
        client_secret: secret,
        scope: [scopes].flat().join(" "),
      });
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      const { status, text } = await poster.post(url, headers, form.toString(), new AbortController().signal);
      const answer = status === 200 ? (JSON.parse(text) as { access_token?: string; expires_in?: number }) : {};
      if (typeof answer.access_token !== "string")
        throw Object.assign(new Error("no token"), { code: `token-status-${status}` });
      known = { token: answer.access_token, expiresOnTimestamp: Date.now() + (answer.expires_in ?? 0) * 1_000 };
      return known;
    },
    close: () => poster.close(),
  };
}
