import { Agent, request } from "undici";
import type { Delivery } from "../../src/core/export.ts";
import { ADDRESS_DENIED, guardedLookup, type NetworkRules } from "./address-guard.ts";

/** An answer is read that far; the rest is thrown away (threat T-30). */
const MOST_ANSWER_BYTES = 65_536;
const CONNECT_TIMEOUT_MS = 10_000;
/** For the whole of an upload. The exporter's lease is longer. */
export const SEND_TIMEOUT_MS = 30_000;

export interface PostAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly retryAfterMs: number | undefined;
}

export interface Poster {
  /** @throws the transport's error */
  post(
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: string | Uint8Array,
    signal: AbortSignal,
  ): Promise<PostAnswer>;
  /** The same with PUT. */
  put: Poster["post"];
  close(): Promise<void>;
}

/** Posts to checked addresses only, follows no redirect. */
export function openPoster(rules: NetworkRules): Poster {
  const agent = new Agent({
    connect: {
      timeout: CONNECT_TIMEOUT_MS,
      lookup: guardedLookup(rules),
      ...(rules.ca === undefined ? {} : { ca: rules.ca }),
    },
  });
  async function send(
    method: "POST" | "PUT",
    ...[url, headers, body, signal]: Parameters<Poster["post"]>
  ): Promise<PostAnswer> {
    const answer = await request(url, {
      method,
      headers,
      body,
      dispatcher: agent,
      signal: AbortSignal.any([signal, AbortSignal.timeout(SEND_TIMEOUT_MS)]),
    });
    const pieces: Buffer[] = [];
    let bytes = 0;
    for await (const piece of answer.body as AsyncIterable<Buffer>) {
      bytes += piece.length;
      if (bytes > MOST_ANSWER_BYTES) break;
      pieces.push(piece);
    }
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: Buffer.concat(pieces).toString("utf8"),
      retryAfterMs: retryAfter(answer.headers["retry-after"]),
    };
  }
  return {
    post: (...parameters) => send("POST", ...parameters),
    put: (...parameters) => send("PUT", ...parameters),
    close: () => agent.close(),
  };
}

/** What a status means for a batch. 401, 403, 404 are the destination's settings: they are cured there, not by parking. */
export function deliveryOf({ status, retryAfterMs }: Pick<PostAnswer, "status" | "retryAfterMs">): Delivery {
  if (status >= 200 && status < 300) return { outcome: "accepted" };
  const reason = `status-${status}`;
  if (status === 413) return { outcome: "too-large", reason };
  if (status === 400 || status === 415 || status === 422) return { outcome: "refused", reason };
  return { outcome: "retry", reason, ...(retryAfterMs === undefined ? {} : { afterMs: retryAfterMs }) };
}

/** A connection that failed: the code only, because messages name addresses and ports. */
export function transportTrouble(error: unknown): Delivery {
  const code = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.name) : "unknown";
  if (code === ADDRESS_DENIED) return { outcome: "retry", reason: "address-not-allowed" };
  return {
    outcome: "retry",
    reason: String(code)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-"),
  };
}

function retryAfter(header: string | string[] | undefined): number | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined) return undefined;
  if (/^\d{1,6}$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
