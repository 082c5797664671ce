import { PosternError } from "../../src/core/errors.ts";
import { isLoopback } from "./endpoints.ts";

const VERSION = "/v1.0";
/** Graph's ids are base64url with `=`; they are longer than 150 characters. A first dot is refused: no `..` segment. */
const MESSAGE_ID = /^[A-Za-z0-9_=+~-][A-Za-z0-9_=+~.-]{0,1023}$/;
const SUBSCRIPTION_ID = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}$/;
/** An object id, a principal name or a mail address. */
const USER_ID = /^[\p{L}\p{N}_#+&'=-][\p{L}\p{N}_.@#+&'=-]{0,319}$/u;

/** True for text that can be a message's id; nothing else is ever put into a request's path. */
export function isMessageId(id: string): boolean {
  return MESSAGE_ID.test(id);
}

export function isSubscriptionId(id: string): boolean {
  return SUBSCRIPTION_ID.test(id);
}

export function userPath(user: string): string {
  return `/users/${segment(user, USER_ID)}`;
}

export function messagePath(user: string, messageId: string): string {
  return `${userPath(user)}/messages/${segment(messageId, MESSAGE_ID)}`;
}

/** `folder` is an id or a well-known name such as `sentitems`. */
export function folderPath(user: string, folder: string): string {
  return `${userPath(user)}/mailFolders/${segment(folder, MESSAGE_ID)}`;
}

export function subscriptionPath(id: string): string {
  return `/subscriptions/${segment(id, SUBSCRIPTION_ID)}`;
}

export function groupPath(id: string): string {
  return `/groups/${segment(id, SUBSCRIPTION_ID)}`;
}

/** Path and query; values are encoded, so that `<`, `+` and `@` of a Message-ID arrive. */
export function withQuery(path: string, query: Readonly<Record<string, string>> = {}): string {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? path : `${path}${path.includes("?") ? "&" : "?"}${pairs.join("&")}`;
}

/** A string in an OData filter. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * What follows the version in a nextLink or deltaLink, absolute or relative.
 * Only links to the configured host are followed: a link elsewhere would carry the token with it.
 */
export function linkPath(link: string, graphUrl: string): string {
  const base = new URL(`${graphUrl}${VERSION}/`);
  const url = URL.canParse(link, base) ? new URL(link, base) : undefined;
  const root = base.pathname.slice(0, -1);
  if (url === undefined || !sameHost(url, base) || !url.pathname.startsWith(`${root}/`)) {
    throw new PosternError("PROVIDER_REFUSED", "The answer links to an address outside Microsoft Graph");
  }
  return `${url.pathname.slice(root.length)}${url.search}`;
}

function sameHost(one: URL, other: URL): boolean {
  if (one.origin === other.origin) return true;
  return one.port === other.port && isLoopback(one.hostname) && isLoopback(other.hostname);
}

function segment(id: string, pattern: RegExp): string {
  if (!pattern.test(id)) throw new PosternError("MESSAGE_NOT_FOUND", "The provider cannot have this id");
  return encodeURIComponent(id).replaceAll("%3D", "=").replaceAll("%40", "@");
}
