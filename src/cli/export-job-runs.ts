import { setTimeout as pause } from "node:timers/promises";
import type { ApiClient } from "./api-client.ts";
import { jobPath, json } from "./export-job.ts";
import type { Print } from "./print.ts";

/** How often the service is asked how far it has come. */
const LOOK_MS = 500;

interface ShownRun {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly state: "running" | "done" | "cancelled";
  readonly done: number;
  readonly total: number;
}

interface ShownLetter {
  readonly id: string;
  readonly tenant: string;
  readonly run: string;
  readonly first_sequence: number;
  readonly last_sequence: number;
  readonly reason: string;
  readonly at: string;
}

/** Sends a past window again and waits for its end. 0 done (or begun, without waiting), 2 cancelled meanwhile. */
export async function backfillJob(
  id: string,
  window: { readonly from: Date; readonly to: Date },
  wait: boolean,
  client: ApiClient,
  out: Print,
  err: Print,
): Promise<0 | 2> {
  const path = `${jobPath(id)}/backfill`;
  let run = client.expect(await client.call("POST", path, json({ ...window })), 202) as ShownRun;
  if (!wait) {
    out(run.id);
    return 0;
  }
  err(`backfill ${run.id}: ${run.total} events; it goes on when this command is interrupted`);
  while (run.state === "running") {
    await pause(LOOK_MS);
    run = client.expect(await client.call("GET", `${path}/${run.id}`), 200) as ShownRun;
  }
  out(line(run));
  return run.state === "done" ? 0 : 2;
}

/** One line a backfill of a job, newest first: id, state, window, events read of all. */
export async function listRuns(id: string, client: ApiClient, out: Print): Promise<0> {
  const { items } = client.expect(await client.call("GET", `${jobPath(id)}/backfill`), 200) as {
    readonly items: readonly ShownRun[];
  };
  for (const run of items) out(line(run));
  return 0;
}

/** Stops a backfill, or lets it go on where it was. */
export async function turnRun(
  id: string,
  run: string,
  verb: "cancel" | "resume",
  client: ApiClient,
  out: Print,
): Promise<0> {
  const answer = await client.call("POST", `${jobPath(id)}/backfill/${encodeURIComponent(run)}/${verb}`);
  out(line(client.expect(answer, 200) as ShownRun));
  return 0;
}

/** One line a dead letter: id, tenant, events, reason, time, and the backfill that it belongs to. */
export async function listLetters(id: string, client: ApiClient, out: Print): Promise<0> {
  for await (const letter of letters(id, client)) {
    const events = `${letter.first_sequence}-${letter.last_sequence}`;
    const run = letter.run === id ? "live" : letter.run;
    out([letter.id, letter.tenant, events, letter.reason, letter.at, run].join("\t"));
  }
  return 0;
}

/** Lets the job try dead letters again: those that are named, or all. */
export async function retryLetters(id: string, named: readonly string[], client: ApiClient, out: Print): Promise<0> {
  const chosen = [...named];
  if (named.length === 0) for await (const letter of letters(id, client)) chosen.push(letter.id);
  for (const letter of chosen) {
    const answer = await client.call("POST", `${jobPath(id)}/dead-letters/${encodeURIComponent(letter)}/retry`);
    client.expect(answer, 202);
  }
  out(`${chosen.length} dead letters will be tried again`);
  return 0;
}

async function* letters(id: string, client: ApiClient): AsyncGenerator<ShownLetter> {
  let cursor = "";
  for (;;) {
    const query = cursor === "" ? "" : `?cursor=${encodeURIComponent(cursor)}`;
    const page = client.expect(await client.call("GET", `${jobPath(id)}/dead-letters${query}`), 200) as {
      readonly items: readonly ShownLetter[];
      readonly next: string | null;
    };
    yield* page.items;
    if (page.next === null) return;
    cursor = page.next;
  }
}

function line({ id, state, from, to, done, total }: ShownRun): string {
  return [id, state, from, to, `${done}/${total}`].join("\t");
}
