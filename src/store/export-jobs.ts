import { type Selectable, sql } from "kysely";
import type { ExportJob, ExportStore } from "../core/export-store.ts";
import type { Queries } from "./driver.ts";
import type { ExportJobsTable } from "./export-tables.ts";
import { toJson } from "./json.ts";

export function exportJobs(
  db: Queries,
): Pick<ExportStore, "createJob" | "job" | "jobs" | "updateJob" | "removeJob" | "noteFailure"> {
  return {
    createJob(job, now) {
      return db.transaction().execute(async (trx) => {
        const row = await trx
          .insertInto("export_jobs")
          .values({
            id: job.id,
            name: job.name,
            dataset: job.dataset,
            enabled: job.enabled,
            tenant_id: job.tenantId,
            settings: toJson(job.settings),
            sealed_destination: job.sealedDestination,
            shown_destination: job.shownDestination,
            created_at: now,
            updated_at: now,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        await trx
          .insertInto("export_runs")
          .values({
            id: job.id,
            job_id: job.id,
            kind: "live",
            since: null,
            until: null,
            state: "running",
            created_at: now,
          })
          .execute();
        await sql`
          insert into postern.export_positions (run_id, tenant_id, sequence)
          select ${job.id}, tenant_id, sequence from postern.event_heads
        `.execute(trx);
        return toJob(row);
      });
    },

    async job(id) {
      const row = await db.selectFrom("export_jobs").selectAll().where("id", "=", id).executeTakeFirst();
      return row && toJob(row);
    },

    async jobs() {
      const rows = await db.selectFrom("export_jobs").selectAll().orderBy("id", "desc").execute();
      return rows.map(toJob);
    },

    async updateJob(id, change, now) {
      const done = await db
        .updateTable("export_jobs")
        .set({
          updated_at: now,
          ...(change.name === undefined ? {} : { name: change.name }),
          ...(change.enabled === undefined ? {} : { enabled: change.enabled }),
          ...(change.settings === undefined ? {} : { settings: toJson(change.settings) }),
          ...(change.sealedDestination === undefined ? {} : { sealed_destination: change.sealedDestination }),
          ...(change.shownDestination === undefined ? {} : { shown_destination: change.shownDestination }),
        })
        .where("id", "=", id)
        .executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },

    async removeJob(id) {
      const done = await db.deleteFrom("export_jobs").where("id", "=", id).executeTakeFirst();
      return done.numDeletedRows > 0n;
    },

    async noteFailure(jobId, reason, now) {
      await db
        .updateTable("export_jobs")
        .set({ retries: sql`retries + 1`, last_error: now, error_message: reason })
        .where("id", "=", jobId)
        .execute();
    },
  };
}

function toJob(row: Selectable<ExportJobsTable>): ExportJob {
  return {
    id: row.id,
    name: row.name,
    dataset: row.dataset,
    enabled: row.enabled,
    tenantId: row.tenant_id,
    settings: row.settings,
    sealedDestination: row.sealed_destination,
    shownDestination: row.shown_destination,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    health: {
      batches: Number(row.batches),
      retries: Number(row.retries),
      parked: Number(row.parked),
      lines: Number(row.lines),
      bytes: Number(row.bytes),
      lastComplete: row.last_complete,
      lastError: row.last_error,
      errorMessage: row.error_message,
    },
  };
}
