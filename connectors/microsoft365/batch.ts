import type { z } from "zod";
import type { PosternError } from "../../src/core/errors.ts";
import type { GraphCall } from "./client.ts";
import { failureOf, readRefusal } from "./failures.ts";
import { withQuery } from "./paths.ts";
import { batchAnswer } from "./payloads.ts";

/** Requests in one batch at most: learn.microsoft.com/graph/json-batching. */
const AT_MOST = 20;
/** Rounds in which what was throttled or met a passing failure is asked for again. */
const ROUNDS = 4;
const PASSING: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** Answer or failure, in the order of the calls: one inner failure does not spoil its neighbours. */
export type BatchResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: PosternError };

/** What a batch needs of the client that sends it. */
export interface BatchWay {
  json<T>(call: GraphCall, schema: z.ZodType<T>, signal: AbortSignal): Promise<T>;
  /** Reads an inner body; throws what an outer one would. */
  read<T>(call: GraphCall, body: unknown, schema: z.ZodType<T>): T;
  /** Headers of each request, the Prefer header among them. */
  headers(call: GraphCall): Readonly<Record<string, string>>;
  rest(retryAfter: string | null, tries: number): number;
  hold(lane: string, ms: number): void;
}

/**
 * Reads many small things in a few requests. Nobody repeats an inner request that was throttled but its sender, so the
 * batch without the settled ones goes out again after the longest rest that an answer asked for.
 * @param calls GET requests of one lane
 */
export async function readBatched<T>(
  calls: readonly GraphCall[],
  schema: z.ZodType<T>,
  way: BatchWay,
  signal: AbortSignal,
): Promise<readonly BatchResult<T>[]> {
  const results = new Map<GraphCall, BatchResult<T>>();
  for (let at = 0; at < calls.length; at += AT_MOST) {
    let open: readonly GraphCall[] = calls.slice(at, at + AT_MOST);
    for (let round = 1; open.length > 0; round += 1) {
      const isLast = round === ROUNDS;
      const again = await once(
        open,
        schema,
        way,
        (call, result, passing) => {
          if (!passing || isLast) results.set(call, result);
        },
        signal,
        round,
      );
      open = isLast ? [] : again;
    }
  }
  return calls.map((call) => results.get(call) as BatchResult<T>);
}

/** One request. Returns the calls that are to be asked again. */
async function once<T>(
  calls: readonly GraphCall[],
  schema: z.ZodType<T>,
  way: BatchWay,
  settle: (call: GraphCall, result: BatchResult<T>, passing: boolean) => void,
  signal: AbortSignal,
  round: number,
): Promise<readonly GraphCall[]> {
  const [first] = calls;
  if (first === undefined) return [];
  const requests = calls.map((call, index) => ({
    id: String(index),
    method: "GET",
    url: withQuery(call.path, call.query),
    headers: way.headers(call),
  }));
  const outer: GraphCall = {
    name: `${first.name}-batch`,
    method: "POST",
    path: "/$batch",
    body: { requests },
    lane: first.lane,
  };
  const { responses } = await way.json(outer, batchAnswer, signal);
  const answers = new Map(responses.map((answer) => [answer.id, answer]));
  const again: GraphCall[] = [];
  let rest = 0;
  for (const [index, call] of calls.entries()) {
    const answer = answers.get(String(index)) ?? { id: "", status: 504, headers: {}, body: undefined };
    if (answer.status >= 200 && answer.status < 300) {
      settle(call, { ok: true, value: way.read(call, answer.body, schema) }, false);
      continue;
    }
    const wait = way.rest(headerOf(answer.headers, "retry-after"), round);
    const isPassing = PASSING.has(answer.status);
    if (isPassing) {
      rest = Math.max(rest, wait);
      again.push(call);
    }
    const body = Buffer.from(JSON.stringify(answer.body ?? ""));
    const refusal = readRefusal(answer.status, headerOf(answer.headers, "request-id"), body);
    settle(
      call,
      { ok: false, error: failureOf(call.name, refusal, call.missing, isPassing ? wait : undefined) },
      isPassing,
    );
  }
  if (rest > 0) way.hold(first.lane, rest);
  return again;
}

function headerOf(headers: Readonly<Record<string, string>>, name: string): string | null {
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  return found?.[1] ?? null;
}
