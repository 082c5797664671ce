import type { HttpClient, HttpHeaders, RequestBodyType, RestError } from "@azure/core-rest-pipeline";
import type { IHttpClient } from "@azure/storage-blob";
import type { Delivery } from "../../src/core/export.ts";
import { type Poster, transportTrouble } from "./http-post.ts";

/** The Azure SDKs sign and frame; bytes go through our own guarded transport, and redirects are not followed. */
export async function azureHttp(poster: Poster): Promise<HttpClient> {
  const { createHttpHeaders } = await import("@azure/core-rest-pipeline");
  return {
    async sendRequest(request) {
      const { status, headers, text } = await exchange(poster, { ...request, headers: request.headers.toJSON() });
      return { request, status, headers: answered(createHttpHeaders, headers), bodyAsText: text };
    },
  };
}

/** The same for the storage SDK, which has an older form of client. */
export async function storageHttp(poster: Poster): Promise<IHttpClient> {
  const { createHttpHeaders } = await import("@azure/core-rest-pipeline");
  const { toHttpHeadersLike } = await import("@azure/core-http-compat");
  return {
    async sendRequest(request) {
      const { method, url, body, abortSignal } = request;
      const sent = { method, url, body, abortSignal, headers: request.headers.rawHeaders() };
      const { status, headers, text } = await exchange(poster, sent);
      const plain = toHttpHeadersLike(answered(createHttpHeaders, headers));
      return { request, status, headers: plain, bodyAsText: text };
    },
  };
}

interface SdkRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: RequestBodyType | null | undefined;
  readonly abortSignal?: unknown;
}

function exchange(poster: Poster, { method, url, headers, body, abortSignal }: SdkRequest): ReturnType<Poster["post"]> {
  if (typeof body !== "string" && !(body instanceof Uint8Array)) throw new TypeError("an upload has its bytes at hand");
  const signal = abortSignal instanceof AbortSignal ? abortSignal : new AbortController().signal;
  return (method === "PUT" ? poster.put : poster.post)(new URL(url), headers, body, signal);
}

/** Without the address of a redirect, so that no policy of the SDK follows it. */
function answered(
  make: (raw: Record<string, string>) => HttpHeaders,
  headers: Awaited<ReturnType<Poster["post"]>>["headers"],
): HttpHeaders {
  const raw = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || name === "location" ? [] : [[name, String(value)]],
  );
  return make(Object.fromEntries(raw));
}

/** What an SDK's error says of a batch. @param refusals statuses that mean a record is wrong, not the settings */
export function azureTrouble(error: unknown, refusals: readonly number[]): Delivery {
  const { statusCode: status, code, response } = error as Partial<RestError>;
  if (status === undefined) return transportTrouble(error);
  const reason = code ?? `status-${status}`;
  if (status === 413) return { outcome: "too-large", reason };
  if (refusals.includes(status)) return { outcome: "refused", reason };
  const seconds = Number(response?.headers.get("retry-after"));
  return { outcome: "retry", reason, ...(seconds > 0 ? { afterMs: seconds * 1_000 } : {}) };
}
