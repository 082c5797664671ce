import type { Queue } from "../core/ports.ts";
import type { WakeUp } from "./acceptor.ts";
import { pause } from "./pause.ts";

/** How soon it is looked again whether live mail still waits. */
const LOOK_MS = 200;

export interface PaceDependencies {
  /** Where live mail waits for a worker. */
  readonly scans: Pick<Queue<WakeUp>, "depth">;
  /** Messages that this process begins in a second, at most. */
  readonly perSecond: number;
}

/**
 * Live mail first: a place is given when no live message waits for a worker, and never faster than the pace.
 * Answers false when it was told to stop meanwhile.
 */
export function openPace({ scans, perSecond }: PaceDependencies): (stop: AbortSignal) => Promise<boolean> {
  const intervalMs = 1_000 / perSecond;
  let nextAt = 0;
  return async (stop) => {
    // Places are handed out one after the other, to all lanes of the process.
    const at = Math.max(performance.now(), nextAt);
    nextAt = at + intervalMs;
    await pause(at - performance.now(), stop);
    while (!stop.aborted && (await scans.depth()).waiting > 0) await pause(LOOK_MS, stop);
    return !stop.aborted;
  };
}
