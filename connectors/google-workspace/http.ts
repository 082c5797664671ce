import { request } from "undici";
import { PosternError } from "../../src/core/errors.ts";

export interface HttpAnswer {
  readonly status: number;
  /** Parsed JSON, or the text when it is none. */
  readonly body: unknown;
  readonly retryAfter: string | null;
  /** Seconds that a cache may keep it; null when it does not say. */
  readonly maxAgeSeconds: number | null;
}

/** Tokens and keys are small answers; a slower one is an outage. */
const TIMEOUT_MS = 15_000;

/**
 * One request outside the API clients: tokens, signatures, keys. Follows no redirect, so that a credential never goes
 * to another host.
 * @throws PosternError PROVIDER_UNAVAILABLE when there is no answer.
 */
export async function exchange(
  url: string,
  options: {
    readonly method: "GET" | "POST";
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  },
  signal: AbortSignal,
): Promise<HttpAnswer> {
  try {
    const answer = await request(url, { ...options, signal, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
    const text = await answer.body.text();
    return {
      status: answer.statusCode,
      body: parse(text),
      retryAfter: first(answer.headers["retry-after"]),
      maxAgeSeconds: maxAge(first(answer.headers["cache-control"])),
    };
  } catch (error) {
    signal.throwIfAborted();
    throw new PosternError("PROVIDER_UNAVAILABLE", "Google did not answer", {
      details: { host: new URL(url).host, reason: error instanceof Error ? error.name : "unknown" },
    });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function first(header: string | string[] | undefined): string | null {
  return (Array.isArray(header) ? header[0] : header) ?? null;
}

function maxAge(cacheControl: string | null): number | null {
  const seconds = /max-age=(\d+)/.exec(cacheControl ?? "")?.[1];
  return seconds === undefined ? null : Number(seconds);
}
