import { admin_directory_v1 } from "googleapis/build/src/apis/admin/directory_v1.js";
import type { MethodOptions } from "googleapis/build/src/apis/gmail/index.js";
import { gmail_v1 } from "googleapis/build/src/apis/gmail/v1.js";
import { pubsub_v1 } from "googleapis/build/src/apis/pubsub/v1.js";
import type { z } from "zod";
import { PosternError } from "../../src/core/errors.ts";
import type { Logger, Metrics } from "../../src/core/ports.ts";
import { CALLS, type CallName } from "./calls.ts";
import type { Subject, Tokens } from "./credentials.ts";
import type { Endpoints } from "./endpoints.ts";
import { isProjectLimit, isRateLimit, type Refusal, readRefusal, toPosternError } from "./failures.ts";
import type { Throttle } from "./throttle.ts";

/** The official clients, made once. Addresses and tokens go with each call. */
export interface GoogleApis {
  readonly gmail: gmail_v1.Gmail;
  readonly directory: admin_directory_v1.Admin;
  readonly pubsub: pubsub_v1.Pubsub;
}

export interface Call<Shape extends z.ZodType> {
  readonly name: CallName;
  readonly as: Subject;
  /** Reads the answer; what does not fit is a refusal. */
  readonly shape: Shape;
  /** Makes the request with an official client. */
  readonly send: (
    apis: GoogleApis,
    options: MethodOptions,
  ) => Promise<{ readonly status: number; readonly data: unknown }>;
}

export interface GoogleClient {
  /** One call with token, pacing and short retries; the parsed answer. @throws PosternError, see failures.ts. */
  call<Shape extends z.ZodType>(call: Call<Shape>, signal: AbortSignal): Promise<z.output<Shape>>;
}

export interface ClientDeps {
  readonly endpoints: Endpoints;
  readonly tokens: Tokens;
  readonly throttle: Throttle;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
}

/** In place, for the short troubles; longer ones are the queue's business. */
const MAX_TRIES = 3;
const RETRY_MS = 500;
/** Raw mails may be 70 MB of base64. */
const TIMEOUT_MS = 60_000;

export function openClient(deps: ClientDeps): GoogleClient {
  const { endpoints, tokens, throttle, logger, metrics } = deps;
  const apis: GoogleApis = {
    gmail: new gmail_v1.Gmail({}),
    directory: new admin_directory_v1.Admin({}),
    pubsub: new pubsub_v1.Pubsub({}),
  };

  return {
    async call(call, signal) {
      const { repeatable } = CALLS[call.name];
      let reminted = false;
      for (let tries = 1; ; tries += 1) {
        const answer = await attempt(call, signal);
        if (answer.ok) return answer.value;
        const { refusal, token } = answer;
        const error = toPosternError(refusal);
        if (refusal.status === 401 && !reminted) {
          // Refused before anything was done, so this repeat is safe for every call.
          tokens.forget(token);
          reminted = true;
          continue;
        }
        const isTransient = error.code === "PROVIDER_UNAVAILABLE" || error.code === "PROVIDER_THROTTLED";
        if (!isTransient || !repeatable || tries >= MAX_TRIES) throw error;
        // After a rate limit the throttle holds the next try back, or gives the job back to the queue.
        if (error.code === "PROVIDER_UNAVAILABLE" || call.as === null) await backOff(tries, signal);
      }
    },
  };

  type Attempt<Value> =
    | { readonly ok: true; readonly value: Value }
    | { readonly ok: false; readonly refusal: Refusal; readonly token: string };

  async function attempt<Shape extends z.ZodType>(
    call: Call<Shape>,
    signal: AbortSignal,
  ): Promise<Attempt<z.output<Shape>>> {
    const { job, units } = CALLS[call.name];
    const token = await tokens.get(call.as, job, signal);
    const leave = call.as === null ? undefined : await throttle.enter(call.as.mailbox, units, signal);
    const started = performance.now();
    try {
      const answer = await send(call, token, signal);
      metrics.observe("postern_google_request_seconds", (performance.now() - started) / 1_000, { call: call.name });
      metrics.count("postern_google_requests_total", { call: call.name, status: `${answer.status || "none"}` });
      metrics.count("postern_google_units_total", {}, units);
      if (answer.status >= 200 && answer.status < 300) {
        if (call.as !== null) throttle.succeed(call.as.mailbox);
        return { ok: true, value: read(call, answer.body) };
      }
      const refusal = readRefusal(call.name, answer, new Date());
      logger.debug({ call: call.name, status: refusal.status, reason: refusal.reason }, "Google refused a call");
      if (call.as !== null && (isRateLimit(refusal) || refusal.waitMs !== null)) {
        throttle.pause(call.as.mailbox, refusal.waitMs, isProjectLimit(refusal) ? "project" : "mailbox");
      }
      return { ok: false, refusal, token };
    } finally {
      leave?.();
    }
  }

  async function send<Shape extends z.ZodType>(call: Call<Shape>, token: string, signal: AbortSignal) {
    try {
      const answer = await call.send(apis, {
        // Per method and not per client: only so are uploads redirected too, and a path in the address is kept.
        rootUrl: rootFor(call.name),
        headers: { authorization: `Bearer ${token}` },
        // The library repeats only some calls, at once, and without a look at what Google asks for.
        retry: false,
        // A token must not follow a redirect to another host.
        redirect: "manual",
        responseType: "json",
        validateStatus: () => true,
        // Not the library's own fetch and timeout: aborted at a bad moment, the one throws where nobody can catch it,
        // and the other forgets the signal (node-fetch 3.3, gaxios 7.3).
        fetchImplementation: fetch,
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      return { status: answer.status, body: answer.data, retryAfter: retryAfterOf(answer) };
    } catch {
      // The library's errors carry the request with its token and are not passed on.
      signal.throwIfAborted();
      return { status: 0, body: undefined, retryAfter: null };
    }
  }

  function rootFor(name: CallName): string {
    if (name.startsWith("gmail.")) return `${endpoints.gmailUrl}/`;
    return name.startsWith("pubsub.") ? `${endpoints.pubsubUrl}/` : `${endpoints.adminUrl}/`;
  }

  function backOff(tries: number, signal: AbortSignal): Promise<void> {
    return deps.wait(RETRY_MS * 2 ** (tries - 1) * (1 + deps.random()), signal);
  }
}

function read<Shape extends z.ZodType>(call: Call<Shape>, body: unknown): z.output<Shape> {
  const parsed = call.shape.safeParse(body === "" ? {} : body);
  if (parsed.success) return parsed.data;
  throw new PosternError("PROVIDER_REFUSED", "Google's answer is not what its description says", {
    details: { call: call.name, reason: "unexpected-answer" },
  });
}

function retryAfterOf(answer: object): string | null {
  const headers: unknown = "headers" in answer ? answer.headers : undefined;
  if (headers instanceof Headers) return headers.get("retry-after");
  if (typeof headers !== "object" || headers === null || !("retry-after" in headers)) return null;
  const value = headers["retry-after"];
  return typeof value === "string" ? value : null;
}
