import type { IncomingHttpHeaders } from "node:http";
import type { Principal } from "../auth/tokens.ts";
import type { World } from "../world.ts";

/** One listener each, so that a request to the wrong service is found out. */
export const SERVICES = ["gmail", "oauth", "admin", "pubsub", "iam"] as const;

export type ServiceName = (typeof SERVICES)[number];

/** A request that passed the checks of its route. */
export interface Call {
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Media uploads: the message itself; otherwise the request body. */
  readonly body: Buffer;
  /** The JSON body, or the JSON half of a multipart upload; empty without one. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Whether `body` is an uploaded message. */
  readonly isMedia: boolean;
  readonly principal: Principal;
  /** Aborts when the caller hangs up. */
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  /** Null: no body. */
  readonly body: object | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  /** The discovery document's method id. */
  readonly id: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With `{name}` for one path segment. */
  readonly path: string;
  /** A token needs one of them; null: no token is asked for. */
  readonly scopes: readonly string[] | null;
  /** Names of query parameters beside the common ones. Others are refused. */
  readonly query?: readonly string[];
  /** Names that a JSON body may have; undefined: the body is not looked at. */
  readonly body?: readonly string[];
  /** Largest message in bytes that may be uploaded as media. */
  readonly maxMediaBytes?: number;
  /** Quota units in projects used before May 2026, and in newer ones. */
  readonly units?: readonly [legacy: number, current: number];
  readonly handle: (call: Call, world: World) => Answer | Promise<Answer>;
}

/** Parameters that every method takes (discovery document, top level). */
export const COMMON_PARAMETERS: readonly string[] = [
  "$.xgafv",
  "access_token",
  "alt",
  "callback",
  "fields",
  "key",
  "oauth_token",
  "prettyPrint",
  "quotaUser",
  "uploadType",
  "upload_protocol",
];

export const json = (body: object): Answer => ({ status: 200, body });

export const noContent = (): Answer => ({ status: 204, body: null });

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly upload: boolean;
}

/** Finds the route of a request; `/upload` before the path marks a media upload. */
export function findRoute(routes: readonly Route[], method: string, path: string): Match | null {
  const upload = path.startsWith("/upload/");
  const plain = upload ? path.slice("/upload".length) : path;
  for (const route of routes) {
    if (route.method !== method || (upload && route.maxMediaBytes === undefined)) continue;
    const params = matchPath(route.path, plain);
    if (params !== null) return { route, params, upload };
  }
  return null;
}

function matchPath(template: string, path: string): Record<string, string> | null {
  const wanted = template.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, piece] of wanted.entries()) {
    const text = given[index] ?? "";
    const open = piece.indexOf("{");
    if (open < 0) {
      if (text !== piece) return null;
      continue;
    }
    const close = piece.indexOf("}");
    const suffix = piece.slice(close + 1);
    const value = text.slice(0, text.length - suffix.length);
    if (!text.endsWith(suffix) || value === "" || (suffix === "" && value.includes(":"))) return null;
    const decoded = decodeSegment(value);
    if (decoded === null) return null;
    params[piece.slice(open + 1, close)] = decoded;
  }
  return params;
}

function decodeSegment(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
