import { randomUUID } from "node:crypto";
import { PosternError } from "../core/errors.ts";
import type { Clock, Logger } from "../core/ports.ts";
import type { SimulationStore, StoredSimulation } from "../core/simulation.ts";
import { resultOf } from "../http/api/simulation-record.ts";
import type { SimulationRouteDependencies } from "../http/api/simulations.ts";
import { pause } from "../intake/pause.ts";
import {
  type PreparedSimulation,
  prepareSimulation,
  runSimulation,
  type SimulationDependencies,
} from "./simulations.ts";

/** Side by side in one process; each keeps a reading process or the database busy. */
const MOST_RUNNING = 2;
/** Progress is written this often (ms). */
const BEAT_MS = 1_000;
/** A process that was silent so long (ms) has ended. */
const DEAD_AFTER_MS = 60_000;
/** Ended ones are kept so long (ms). */
const KEPT_MS = 86_400_000;
/** How often (ms) a waiting request looks at one that another process runs. */
const LOOK_MS = 500;

export interface SimulationJobDependencies extends SimulationDependencies {
  readonly simulations: SimulationStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Runs simulations beside the requests that ask for them. Each ends when the process does. */
export function openSimulationJobs(
  dependencies: SimulationJobDependencies,
  signal: AbortSignal,
): SimulationRouteDependencies["simulations"] {
  const { simulations, clock, logger } = dependencies;
  const running = new Map<string, { readonly ended: Promise<void>; readonly stop: () => void }>();

  async function work(id: string, prepared: PreparedSimulation, stopped: AbortSignal): Promise<void> {
    let beatAt = performance.now();
    const progress = async (done: number): Promise<void> => {
      if (performance.now() - beatAt < BEAT_MS) return;
      beatAt = performance.now();
      if (!(await simulations.beat(id, done, clock.now()))) throw new PosternError("CONFLICT", "it was cancelled");
    };
    try {
      const findings = await runSimulation(prepared, dependencies, progress, AbortSignal.any([signal, stopped]));
      await simulations.beat(id, findings.simulation.messages, clock.now());
      await simulations.end(id, { state: "done", result: resultOf(findings) }, clock.now());
    } catch (error) {
      const reason = signal.aborted ? "interrupted" : "unexpected";
      const ended = await simulations.end(id, { state: "failed", reason }, clock.now()).catch(() => true);
      // One that was cancelled has ended before.
      if (ended && !signal.aborted) logger.error({ simulation: id, err: error }, "a simulation failed");
    } finally {
      running.delete(id);
    }
  }

  async function look(id: string): Promise<StoredSimulation | undefined> {
    const found = await simulations.get(id);
    const isDead =
      found?.state === "running" && !running.has(id) && found.beatAt.getTime() + DEAD_AFTER_MS < clock.now().getTime();
    if (!isDead) return found;
    await simulations.end(id, { state: "failed", reason: "interrupted" }, clock.now());
    return simulations.get(id);
  }

  return {
    async start(request) {
      if (running.size >= MOST_RUNNING)
        throw new PosternError("CONFLICT", `${MOST_RUNNING} simulations are running; wait for one or cancel it`);
      const prepared = await prepareSimulation(request, dependencies);
      if ("faults" in prepared) return { ok: false, faults: prepared.faults };
      const id = randomUUID();
      const now = clock.now();
      await simulations.create(id, prepared.total, now, new Date(now.getTime() - KEPT_MS));
      const controller = new AbortController();
      running.set(id, { ended: work(id, prepared, controller.signal), stop: () => controller.abort() });
      return { ok: true, id };
    },

    async wait(id, ms) {
      const until = performance.now() + ms;
      for (;;) {
        const found = await look(id);
        const left = until - performance.now();
        if (found?.state !== "running" || left <= 0 || signal.aborted) return found;
        const looked = pause(Math.min(left, LOOK_MS), signal);
        await Promise.race([running.get(id)?.ended ?? looked, looked]);
      }
    },

    async cancel(id) {
      const cancelled = await simulations.end(id, { state: "cancelled" }, clock.now());
      // In another process its next sign of life tells it.
      running.get(id)?.stop();
      return cancelled;
    },
  };
}
