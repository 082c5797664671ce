import { type Selectable, sql } from "kysely";
import type { ExportDeadLetter, ExportStore } from "../core/export-store.ts";
import type { Queries } from "./driver.ts";
import type { ExportDeadLettersTable } from "./export-tables.ts";
import { limitOf, pageOf, placeOf } from "./page.ts";

/** Of those that are to be tried again, so many at a time. */
const RETRIED_AT_ONCE = 100;

export function exportDeadLetters(
  db: Queries,
): Pick<ExportStore, "deadLetters" | "retryDeadLetter" | "retrying" | "settleDeadLetter"> {
  return {
    async deadLetters(jobId, page) {
      const limit = limitOf(page);
      const place = placeOf(page);
      const rows = await db
        .selectFrom("export_dead_letters")
        .selectAll()
        .where("job_id", "=", jobId)
        .$if(place !== undefined, (query) =>
          query.where(sql<boolean>`(at, id) < (${place?.at ?? null}::timestamptz, ${place?.id ?? null})`),
        )
        .orderBy("at", "desc")
        .orderBy("id", "desc")
        .limit(limit + 1)
        .execute();
      return pageOf(rows, limit, (row) => row, toDeadLetter);
    },

    async retryDeadLetter(jobId, id) {
      const letter = await db
        .updateTable("export_dead_letters")
        .set({ retrying: true })
        .where("job_id", "=", jobId)
        .where("id", "=", id)
        .returning("run_id")
        .executeTakeFirst();
      if (letter === undefined) return false;
      // A backfill that had ended has something to do again.
      await db
        .updateTable("export_runs")
        .set({ state: "running" })
        .where("id", "=", letter.run_id)
        .where("state", "=", "done")
        .execute();
      return true;
    },

    async retrying(runId) {
      const rows = await db
        .selectFrom("export_dead_letters")
        .selectAll()
        .where("run_id", "=", runId)
        .where("retrying", "=", true)
        .orderBy("id")
        .limit(RETRIED_AT_ONCE)
        .execute();
      return rows.map(toDeadLetter);
    },

    async settleDeadLetter(id, reason, now) {
      if (reason === null) await db.deleteFrom("export_dead_letters").where("id", "=", id).execute();
      else
        await db
          .updateTable("export_dead_letters")
          .set({ retrying: false, reason, at: now })
          .where("id", "=", id)
          .execute();
    },
  };
}

function toDeadLetter(row: Selectable<ExportDeadLettersTable>): ExportDeadLetter {
  return {
    id: row.id,
    jobId: row.job_id,
    runId: row.run_id,
    tenantId: row.tenant_id,
    firstSequence: Number(row.first_sequence),
    lastSequence: Number(row.last_sequence),
    reason: row.reason,
    at: row.at,
  };
}
