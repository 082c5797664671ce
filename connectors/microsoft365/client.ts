import { Client, ResponseType } from "@microsoft/microsoft-graph-client";
import type { z } from "zod";
import { type ErrorCode, isPosternError, PosternError } from "../../src/core/errors.ts";
import type { Metrics } from "../../src/core/ports.ts";
import { onAbort } from "./abort.ts";
import { type BatchResult, readBatched } from "./batch.ts";
import { readBody } from "./body.ts";
import type { Credentials } from "./credentials.ts";
import { failureOf, noAnswer, readRefusal } from "./failures.ts";
import { BearerMiddleware, BearerToken, FetchMiddleware } from "./graph-transport.ts";
import { linkPath, withQuery } from "./paths.ts";
import { pageOf } from "./payloads.ts";
import type { Throttle } from "./throttle.ts";

/** Without it ids change when a message is moved: learn.microsoft.com/graph/outlook-immutable-id. */
const IMMUTABLE_IDS = 'IdType="ImmutableId"';
/** One call may last so long (ms), body included; a slow drip must not hold a mailbox's place for ever. */
const TIMEOUT_MS = 100_000;
const JSON_LIMIT_BYTES = 32 * 1024 * 1024;
/** Tries of one call on the spot: refused with a short Retry-After, or a harmless call that got no answer. */
const TRIES = 3;
/** A listing that is longer is a loop on the other side. */
const PAGES_AT_MOST = 50_000;

/** One request. */
export interface GraphCall {
  /** For metrics and errors, for instance `fetch-message`. */
  readonly name: string;
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below the version, from paths.ts. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Who shares a throttling limit with whom: a mailbox's user, or `directory`. */
  readonly lane: string;
  readonly body?: unknown;
  readonly prefer?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What a 404 means; MESSAGE_NOT_FOUND unless given. */
  readonly missing?: ErrorCode;
}

export interface GraphClient {
  json<T>(call: GraphCall, schema: z.ZodType<T>, signal: AbortSignal): Promise<T>;
  bytes(call: GraphCall, limit: number, signal: AbortSignal): Promise<Uint8Array>;
  /** The answer's body is of no interest. */
  send(call: GraphCall, signal: AbortSignal): Promise<void>;
  /** Many GET requests of one lane in a few round trips; each answer or failure by itself, in the order of the calls. */
  batch<T>(calls: readonly GraphCall[], schema: z.ZodType<T>, signal: AbortSignal): Promise<readonly BatchResult<T>[]>;
  /** Pages of a collection, following nextLink. The last one may bring a deltaLink, as a path. */
  pages<T>(
    call: GraphCall,
    item: z.ZodType<T>,
    signal: AbortSignal,
  ): AsyncGenerator<{ readonly items: readonly T[]; readonly delta: string | undefined }>;
}

export interface ClientParts {
  readonly graphUrl: string;
  readonly credentials: Credentials;
  readonly throttle: Throttle;
  readonly metrics: Metrics;
  readonly fetch: typeof fetch;
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly requestId: string | null;
  readonly body: Uint8Array;
}

/** Microsoft's Graph client with our token, our throttling and our errors; the SDK's own retry handler is left out. */
export function createGraphClient(parts: ClientParts): GraphClient {
  const { graphUrl, credentials, throttle, metrics } = parts;
  const sdk = Client.initWithMiddleware({
    baseUrl: graphUrl,
    defaultVersion: "v1.0",
    middleware: [new BearerMiddleware(graphUrl), new FetchMiddleware(parts.fetch)],
  });

  async function exchange(call: GraphCall, token: string, limit: number, signal: AbortSignal): Promise<Answer> {
    const request = sdk
      .api(withQuery(call.path, call.query))
      .responseType(ResponseType.RAW)
      .middlewareOptions([new BearerToken(token)])
      .headers(headersOf(call))
      .options({ signal });
    const response: Response = await send(request, call);
    // Errors are short; a page of HTML from a proxy is cut off.
    const body = await readBody(response, response.ok ? limit : JSON_LIMIT_BYTES);
    const { headers, status } = response;
    return { status, body, retryAfter: headers.get("retry-after"), requestId: headers.get("request-id") };
  }

  /** One turn on the lane: the place is held until the body is read, as Exchange counts it. */
  async function once(call: GraphCall, token: string, limit: number, signal: AbortSignal): Promise<Answer> {
    const done = await throttle.turn(call.lane, signal);
    const limited = withTimeout(signal);
    const started = performance.now();
    try {
      const answer = await exchange(call, token, limit, limited.signal);
      metrics.count("postern_graph_requests_total", { call: call.name, status: String(answer.status) });
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      metrics.count("postern_graph_requests_total", { call: call.name, status: "none" });
      throw isPosternError(error) ? error : noAnswer(call.name, error);
    } finally {
      metrics.observe("postern_graph_request_seconds", (performance.now() - started) / 1_000, { call: call.name });
      limited.end();
      done();
    }
  }

  async function run(call: GraphCall, limit: number, signal: AbortSignal): Promise<Answer> {
    // Only reading may be repeated when nobody knows whether the first try took effect; a refusal may always be.
    const harmless = (call.method ?? "GET") === "GET";
    let token = await credentials.token(signal);
    let renewed = false;
    for (let tries = 1; ; tries += 1) {
      const answer = await once(call, token, limit, signal).catch((error: unknown) => {
        if (harmless && tries < TRIES && isPosternError(error, "PROVIDER_UNAVAILABLE")) return undefined;
        throw error;
      });
      if (answer !== undefined && answer.status >= 200 && answer.status < 300) return answer;
      if (answer?.status === 401 && !renewed) {
        renewed = true;
        const fresh = await credentials.token(signal, token);
        if (fresh === token) throw failed(call, answer, 0);
        token = fresh;
        continue;
      }
      if (answer?.status === 403 && !renewed) {
        // The right may have been granted after this token was made.
        renewed = true;
        const fresh = await credentials.renewed(signal, token);
        if (fresh !== token) {
          token = fresh;
          continue;
        }
      }
      const wait = throttle.rest(answer?.retryAfter ?? null, tries);
      const refused = answer?.status === 429;
      if (refused) throttle.hold(call.lane, wait);
      if (answer !== undefined) {
        const again = refused || (harmless && isPassing(answer.status));
        if (!again || tries >= TRIES || !throttle.isShort(wait)) throw failed(call, answer, wait);
      }
      if (!refused) throttle.hold(call.lane, Math.min(wait, 500));
    }
  }

  async function json<T>(call: GraphCall, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> {
    return parse(call, (await run(call, JSON_LIMIT_BYTES, signal)).body, schema);
  }

  return {
    json,
    batch: (calls, schema, signal) =>
      readBatched(calls, schema, { json, read, headers: headersOf, rest: throttle.rest, hold: throttle.hold }, signal),
    async bytes(call, limit, signal) {
      return (await run(call, limit, signal)).body;
    },
    async send(call, signal) {
      await run(call, JSON_LIMIT_BYTES, signal);
    },
    async *pages(call, item, signal) {
      const schema = pageOf(item);
      let next: GraphCall | undefined = call;
      for (let page = 0; next !== undefined; page += 1) {
        if (page >= PAGES_AT_MOST) throw unreadable(call, "the pages do not end");
        const answer: z.infer<typeof schema> = await json(next, schema, signal);
        const delta = answer["@odata.deltaLink"];
        const link = answer["@odata.nextLink"];
        yield { items: answer.value, delta: delta === undefined ? undefined : linkPath(delta, graphUrl) };
        if (link === undefined) return;
        const path = linkPath(link, graphUrl);
        if (path === next.path) throw unreadable(call, "a page links to itself");
        const { query: _query, ...rest } = call;
        next = { ...rest, path };
      }
    },
  };
}

function send(request: ReturnType<Client["api"]>, call: GraphCall): Promise<Response> {
  switch (call.method ?? "GET") {
    case "GET":
      return request.get();
    case "POST":
      return request.post(call.body);
    case "PATCH":
      return request.patch(call.body);
    case "DELETE":
      return request.delete();
  }
}

function headersOf(call: GraphCall): Record<string, string> {
  return { ...call.headers, Prefer: [IMMUTABLE_IDS, call.prefer].filter(Boolean).join(", ") };
}

function isPassing(status: number): boolean {
  return status === 408 || status === 500 || status === 502 || status === 503 || status === 504;
}

function failed(call: GraphCall, answer: Answer, wait: number): PosternError {
  const refusal = readRefusal(answer.status, answer.requestId, answer.body);
  const asked = answer.retryAfter !== null || answer.status === 429 ? wait : undefined;
  return failureOf(call.name, refusal, call.missing, asked);
}

function parse<T>(call: GraphCall, body: Uint8Array, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw unreadable(call, "the answer is not JSON");
  }
  return read(call, value, schema);
}

function read<T>(call: GraphCall, value: unknown, schema: z.ZodType<T>): T {
  const found = schema.safeParse(value);
  // The places only: zod's messages may quote what stood there.
  if (!found.success) throw unreadable(call, found.error.issues.map((issue) => issue.path.join(".")).join(" "));
  return found.data;
}

function unreadable(call: GraphCall, reason: string): PosternError {
  const details = { call: call.name, reason: reason.slice(0, 200) };
  return new PosternError("PROVIDER_UNAVAILABLE", "Microsoft Graph's answer cannot be read", { details });
}

/** `AbortSignal.any` keeps a follower for each call on the caller's long-lived signal; this one lets go. */
function withTimeout(signal: AbortSignal): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const ignore = onAbort(signal, () => controller.abort(signal.reason));
  const timer = setTimeout(() => controller.abort(new DOMException("timeout", "TimeoutError")), TIMEOUT_MS);
  return {
    signal: controller.signal,
    end: () => {
      clearTimeout(timer);
      ignore();
    },
  };
}
