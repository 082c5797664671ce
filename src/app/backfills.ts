import type { BackfillRouteDependencies } from "../http/api/backfills.ts";
import { type Backfilling, startBackfilling } from "../intake/backfill.ts";
import { startBackfill } from "../intake/backfill-start.ts";
import { performActions } from "../intake/worker.ts";
import type { Assembly } from "./assembly.ts";
import type { Config } from "./config.ts";

/** What the listener needs to begin and to steer backfills. */
export function backfillRoutes({ store, clock }: Assembly): Omit<BackfillRouteDependencies, "now"> {
  const { backfills, tenants, directory } = store;
  return {
    backfills,
    startBackfill: (request) => startBackfill(request, { backfills, tenants, directory, clock }),
  };
}

/** Begins to work off backfills in this process. */
export function workBackfills(
  { store, worker, queues, clock, logger }: Assembly,
  config: Pick<Config, "POSTERN_BACKFILL_PER_SECOND">,
): Backfilling {
  return startBackfilling({
    backfills: store.backfills,
    scan: worker.scan,
    act: (id, signal) => performActions({ id }, worker, signal),
    health: worker.health,
    scans: queues.scans,
    perSecond: config.POSTERN_BACKFILL_PER_SECOND,
    clock,
    logger,
    metrics: worker.metrics,
  });
}
