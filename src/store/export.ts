import type { ExportStore } from "../core/export-store.ts";
import type { Queries } from "./driver.ts";
import { exportDeadLetters } from "./export-dead-letters.ts";
import { exportJobs } from "./export-jobs.ts";
import { exportPositions } from "./export-positions.ts";
import { exportRuns } from "./export-runs.ts";

/** Export jobs, how far they have come, and what destinations would not take. */
export function exportStore(db: Queries): ExportStore {
  return { ...exportJobs(db), ...exportRuns(db), ...exportPositions(db), ...exportDeadLetters(db) };
}
