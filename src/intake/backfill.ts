import { newLease, underLease } from "../pipeline/lease.ts";
import { openPace, type PaceDependencies } from "./backfill-pace.ts";
import { type BackfillTurnDependencies, takeTurn } from "./backfill-turn.ts";
import { pause } from "./pause.ts";

/** Mailboxes that one process works on at the same time: most of its readers stay free for live mail. */
const LANES = 2;
/** How soon it is looked again for a backfill when none was due. */
const IDLE_MS = 1_000;
/** A message under way gets so long to end by itself at a stop. */
const GRACE_MS = 10_000;

export interface BackfillDependencies extends Omit<BackfillTurnDependencies, "mayScan">, PaceDependencies {}

export interface Backfilling {
  /** Takes no new message, waits for those under way. */
  stop(): Promise<void>;
}

/**
 * Works off the running backfills, mailbox by mailbox in turns, each under a lease in the database: any number of
 * processes share them, and what a killed one held is taken over when its lease ends.
 */
export function startBackfilling(dependencies: BackfillDependencies): Backfilling {
  const stopping = new AbortController();
  const killing = new AbortController();
  const pace = openPace(dependencies);
  const turns = { ...dependencies, mayScan: () => pace(stopping.signal) };
  const lanes = Array.from({ length: LANES }, () => workLane(turns, stopping.signal, killing.signal));
  return {
    async stop() {
      stopping.abort();
      const grace = setTimeout(() => killing.abort(), GRACE_MS);
      await Promise.all(lanes);
      clearTimeout(grace);
    },
  };
}

async function workLane(dependencies: BackfillTurnDependencies, stop: AbortSignal, kill: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const worked = await nextTurn(dependencies, kill).catch((error: unknown) => {
      dependencies.logger.warn({ err: error }, "a backfill could not go on and will be taken up again");
      return false;
    });
    if (!worked) await pause(IDLE_MS, stop);
  }
}

/** False when nothing was due. */
async function nextTurn(dependencies: BackfillTurnDependencies, kill: AbortSignal): Promise<boolean> {
  const { backfills, clock } = dependencies;
  const lease = newLease(clock);
  const turn = await backfills.claim(lease, clock.now());
  if (!turn) return false;
  const renew = (renewed: typeof lease): Promise<boolean> => backfills.renew(turn, renewed);
  const work = (signal: AbortSignal) => takeTurn(turn, lease, dependencies, signal);
  const end = await underLease(lease, renew, clock, work, kill);
  await backfills.endTurn(turn, lease.token, end, clock.now());
  return true;
}
