import type { AccessToken } from "./access-token.ts";
import { badRequest } from "./graph-error.ts";
import type { Tenant } from "./tenant.ts";

/** One Graph request, as a route sees it. */
export interface Call {
  readonly tenant: Tenant;
  readonly method: string;
  /** Path below the version, as the client wrote it. */
  readonly path: string;
  readonly version: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  readonly token: AccessToken;
  /** Address of this Graph, without version. */
  readonly graphUrl: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Objects go out as JSON, bytes as they are. */
  readonly body?: object | Buffer | string;
}

export type Params = Readonly<Record<string, string | undefined>>;

export interface Route {
  readonly method: string;
  /** Segments below the version; `:name` is a parameter. Functions and keys in parentheses are written as segments. */
  readonly path: string;
  /** One of these application roles is needed; the first is the least privileged. */
  readonly roles: readonly string[];
  readonly beta?: boolean;
  readonly handle: (call: Call, params: Params) => Answer | Promise<Answer>;
}

export function jsonBody(call: Call): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(call.body.toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Answered below, as for any other body that is no object.
  }
  throw badRequest("Unable to read JSON request payload.");
}

/** An action's parameter: the metadata writes PascalCase, the documentation camelCase; both are accepted. */
export function actionParameter(body: Readonly<Record<string, unknown>>, name: string): unknown {
  return body[name] ?? body[name.charAt(0).toUpperCase() + name.slice(1)];
}

export function wantsImmutableIds(call: Call): boolean {
  return /(^|,)\s*idtype\s*=\s*"?immutableid"?/i.test(call.headers.prefer ?? "");
}

export function preferredPageSize(call: Call): number | undefined {
  const size = /odata\.maxpagesize\s*=\s*(\d+)/i.exec(call.headers.prefer ?? "")?.[1];
  return size === undefined ? undefined : Number(size);
}

export function prefersText(call: Call): boolean {
  return /outlook\.body-content-type\s*=\s*"?text"?/i.test(call.headers.prefer ?? "");
}

/** Absolute address of the same collection with other query options. */
export function linkTo(call: Call, query: URLSearchParams): string {
  // Graph writes the dollar signs of its options plainly.
  return `${call.graphUrl}/${call.version}${call.path}?${query.toString().replaceAll("%24", "$")}`;
}
