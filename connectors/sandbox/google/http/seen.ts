import type { IncomingHttpHeaders } from "node:http";
import type { ServiceName } from "./route.ts";

/** A request as it came in. `status` is filled in when it was answered. */
export interface SeenRequest {
  readonly at: Date;
  readonly service: ServiceName;
  /** The discovery document's method id; null when no route fits. */
  readonly operation: string | null;
  readonly method: string;
  /** As sent, percent-encoded, without the query. */
  readonly path: string;
  /** Names and values, repeated ones one by one. */
  readonly query: readonly (readonly [string, string])[];
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Whom the token impersonates; null for the service account itself or without a valid token. */
  readonly subject: string | null;
  /** Scopes of the token; empty without a valid one. */
  readonly scopes: readonly string[];
  /** Null while it is not answered, and for ever when it never was. */
  readonly status: number | null;
}
