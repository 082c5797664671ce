import { PosternError } from "../../src/core/errors.ts";

/** Addresses of the services, without a version and without a slash at the end. */
export interface Endpoints {
  readonly gmailUrl: string;
  /** The whole address of the token endpoint. */
  readonly tokenUrl: string;
  readonly adminUrl: string;
  readonly pubsubUrl: string;
  /** The whole address of the document with the signing keys of push tokens. */
  readonly certsUrl: string;
  readonly iamUrl: string;
}

export type EndpointOverrides = { readonly [Name in keyof Endpoints]?: string | undefined };

/** Google's own token endpoint; also the audience that a grant assertion names. */
export const GOOGLE_TOKEN_URL = "https://oauth2.googleapis.com/token";

const CERTS_PATH = "/oauth2/v3/certs";

const GOOGLE: Endpoints = {
  gmailUrl: "https://gmail.googleapis.com",
  tokenUrl: GOOGLE_TOKEN_URL,
  adminUrl: "https://admin.googleapis.com",
  pubsubUrl: "https://pubsub.googleapis.com",
  certsUrl: `https://www.googleapis.com${CERTS_PATH}`,
  iamUrl: "https://iamcredentials.googleapis.com",
};

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Google's addresses, or those that the administrator set instead.
 * @throws PosternError CONFIG_INVALID for anything that is neither https nor http on loopback.
 */
export function resolveEndpoints(overrides: EndpointOverrides): Endpoints {
  return {
    gmailUrl: address("gmailUrl", overrides),
    tokenUrl: address("tokenUrl", overrides),
    adminUrl: address("adminUrl", overrides),
    pubsubUrl: address("pubsubUrl", overrides),
    certsUrl: withPath(address("certsUrl", overrides), CERTS_PATH),
    iamUrl: address("iamUrl", overrides),
  };
}

function address(name: keyof Endpoints, overrides: EndpointOverrides): string {
  const value = overrides[name];
  if (value === undefined || value === "") return GOOGLE[name];
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !isSecure(url)) {
    throw new PosternError("CONFIG_INVALID", `${name} must be an https address, or http on loopback`, {
      details: { setting: name },
    });
  }
  return value.replace(/\/+$/, "");
}

function isSecure(url: URL): boolean {
  if (url.protocol === "https:") return true;
  return url.protocol === "http:" && (LOOPBACK.has(url.hostname) || /^127(\.\d{1,3}){3}$/.test(url.hostname));
}

/** Adds the customary path when only a host was given. */
function withPath(value: string, path: string): string {
  return new URL(value).pathname === "/" ? `${value}${path}` : value;
}
