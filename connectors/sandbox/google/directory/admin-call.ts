import { GoogleError, invalidArgument } from "../google-error.ts";
import type { Call } from "../http/route.ts";
import { findPerson } from "../people.ts";
import type { World } from "../world.ts";

export const DIRECTORY = "/admin/directory/v1";

const NOT_AUTHORISED = "Not Authorized to access this resource/api";

/** @throws GoogleError 403 when the token impersonates nobody or a person who is no administrator. */
export function requireAdmin(call: Call, world: World): void {
  const { subject } = call.principal;
  if (subject === null || findPerson(world.people, subject)?.isAdmin !== true) {
    throw new GoogleError(403, "forbidden", NOT_AUTHORISED);
  }
}

/** @throws GoogleError 403 for somebody else's customer id. */
export function requireCustomer(world: World, customer: string): void {
  if (customer !== "my_customer" && customer !== world.customerId) {
    throw new GoogleError(403, "forbidden", NOT_AUTHORISED);
  }
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextPageToken?: string;
}

/** One page of a list; the token names the place. `limits` are the default and the largest size. */
export function pageOf<T>(call: Call, all: readonly T[], limits: readonly [number, number]): Page<T> {
  const wanted = Number(call.query.get("maxResults") ?? limits[0]);
  if (!Number.isInteger(wanted) || wanted < 1) throw new GoogleError(400, "invalid", "Invalid Input: maxResults");
  const size = Math.min(wanted, limits[1]);
  const token = call.query.get("pageToken");
  const from = token === null ? 0 : Number(/^p(\d+)$/.exec(Buffer.from(token, "base64url").toString("utf8"))?.[1]);
  if (Number.isNaN(from)) throw invalidArgument("Invalid Input: pageToken");
  const next = from + size;
  return {
    items: all.slice(from, next),
    ...(next < all.length ? { nextPageToken: Buffer.from(`p${next}`).toString("base64url") } : {}),
  };
}
