import { SingleBar } from "cli-progress";
import { PosternError } from "../core/errors.ts";
import type { PolicyFault } from "../policy/load.ts";
import type { Simulation } from "../policy/simulate.ts";
import type { ApiAnswer, ApiClient } from "./api-client.ts";

/** Seconds that one request waits for the end of a simulation. */
const WAIT_S = 2;
/** Messages that tell enough of a rule before it is switched on: the newest of the last seven days. */
const MOST_FOR_A_LOOK = 20_000;

/** What a simulation found out, as the API answers it. */
export interface PastDecisions extends Simulation {
  readonly truncated: boolean;
  readonly lowerBounds: number;
  readonly readAgain: number;
  readonly enables: readonly string[];
  readonly open: readonly { readonly rule: string; readonly reason: string }[];
}

interface ShownSimulation {
  readonly id: string;
  readonly state: "running" | "done" | "failed" | "cancelled";
  readonly reason: string | null;
  readonly done: number;
  readonly total: number;
  readonly result: PastDecisions | null;
}

export type PastOutcome =
  | { readonly ok: true; readonly past: PastDecisions }
  | { readonly ok: false; readonly faults: readonly PolicyFault[] };

/** Simulates and waits for the end, with a progress bar on standard error when it is a terminal. */
export async function pastUnder(request: object, client: ApiClient): Promise<PastOutcome> {
  const text = JSON.stringify({ ...request, wait: WAIT_S });
  const answer = await client.call("POST", "/api/v1/simulations", { text, contentType: "application/json" });
  if (answer.status === 422)
    return { ok: false, faults: (answer.json as { readonly faults: readonly PolicyFault[] }).faults };
  const { state, reason, result } = await untilEnded(shown(answer, client), client);
  if (result !== null) return { ok: true, past: result };
  throw new PosternError("REQUEST_INVALID", `the simulation ended as ${state}${reason === null ? "" : `: ${reason}`}`);
}

/** What a change would have made the rules do lately. */
export function lately(change: object, client: ApiClient): Promise<PastOutcome> {
  return pastUnder({ ...change, most: MOST_FOR_A_LOOK }, client);
}

/** `words: would have acted on 3 of 200 messages of the last 7 days`. */
export function wouldHaveActed(rule: string, { wouldAct, messages, truncated }: PastDecisions): string {
  const acted = wouldAct.find((entry) => entry.rule === rule)?.messages ?? 0;
  const of = truncated ? `the newest ${messages}` : String(messages);
  return `${rule}: would have acted on ${acted} of ${of} messages of the last 7 days, as far as kept findings tell`;
}

async function untilEnded(begun: ShownSimulation, client: ApiClient): Promise<ShownSimulation> {
  const bar = openBar(begun);
  let latest = begun;
  try {
    while (latest.state === "running") {
      const answer = await client.call("GET", `/api/v1/simulations/${latest.id}?wait=${WAIT_S}`);
      latest = shown(answer, client);
      bar?.update(latest.done);
    }
    return latest;
  } finally {
    bar?.stop();
  }
}

function shown(answer: ApiAnswer, client: ApiClient): ShownSimulation {
  return client.expect(answer, answer.status === 202 ? 202 : 200) as ShownSimulation;
}

function openBar({ state, done, total }: ShownSimulation): SingleBar | undefined {
  if (state !== "running" || !process.stderr.isTTY) return undefined;
  const format = "{bar} {value}/{total} messages | {eta_formatted}";
  const bar = new SingleBar({ stream: process.stderr, format, clearOnComplete: true, hideCursor: true });
  bar.start(total, done);
  return bar;
}
