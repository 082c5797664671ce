import { sql } from "kysely";
import type { ExportStore } from "../core/export-store.ts";
import type { Queries } from "./driver.ts";
import { newId } from "./ids.ts";

export function exportPositions(
  db: Queries,
): Pick<ExportStore, "positions" | "planBatch" | "advance" | "oldestWaiting"> {
  return {
    async positions(runId) {
      const { rows } = await sql<{
        tenant_id: string;
        sequence: string | number;
        batch_end: string | number | null;
        last: string | number;
      }>`
        select heads.tenant_id, coalesce(positions.sequence, 0) as sequence, positions.batch_end,
          coalesce(positions.last, heads.sequence) as last
        from postern.export_runs as runs
        join postern.export_jobs as jobs on jobs.id = runs.job_id
        join postern.event_heads as heads on jobs.tenant_id is null or jobs.tenant_id = heads.tenant_id
        left join postern.export_positions as positions
          on positions.run_id = runs.id and positions.tenant_id = heads.tenant_id
        where runs.id = ${runId} and (runs.kind = 'live' or positions.run_id is not null)
        order by heads.tenant_id
      `.execute(db);
      return rows.map((row) => ({
        tenantId: row.tenant_id,
        sequence: Number(row.sequence),
        batchEnd: row.batch_end === null ? null : Number(row.batch_end),
        last: Number(row.last),
      }));
    },

    async planBatch(runId, tenantId, batchEnd) {
      await db
        .insertInto("export_positions")
        .values({ run_id: runId, tenant_id: tenantId, sequence: 0, batch_end: batchEnd })
        .onConflict((conflict) => conflict.columns(["run_id", "tenant_id"]).doUpdateSet({ batch_end: batchEnd }))
        .execute();
    },

    advance(run, tenantId, step, now) {
      return db.transaction().execute(async (trx) => {
        await trx
          .insertInto("export_positions")
          .values({ run_id: run.id, tenant_id: tenantId, sequence: 0 })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        const moved = await trx
          .updateTable("export_positions")
          .set({
            sequence: step.to,
            batch_end: step.batchEnd ?? sql<number | null>`case when batch_end > ${step.to} then batch_end end`,
          })
          .where("run_id", "=", run.id)
          .where("tenant_id", "=", tenantId)
          .where("sequence", "=", step.from)
          .executeTakeFirst();
        if (moved.numUpdatedRows === 0n) return false;
        for (const { firstSequence, lastSequence, reason } of step.parked)
          await trx
            .insertInto("export_dead_letters")
            .values({
              id: newId(now),
              job_id: run.jobId,
              run_id: run.id,
              tenant_id: tenantId,
              first_sequence: firstSequence,
              last_sequence: lastSequence,
              reason,
              at: now,
            })
            .execute();
        if (step.lines > 0 || step.parked.length > 0)
          await trx
            .updateTable("export_jobs")
            .set({
              batches: sql`batches + ${step.lines > 0 ? 1 : 0}`,
              parked: sql`parked + ${step.parked.length}`,
              lines: sql`lines + ${step.lines}`,
              bytes: sql`bytes + ${step.bytes}`,
              ...(step.lines > 0 ? { last_complete: now, error_message: null } : {}),
            })
            .where("id", "=", run.jobId)
            .execute();
        return true;
      });
    },

    async oldestWaiting(jobId) {
      const { rows } = await sql<{ oldest: Date | null }>`
        select min(waiting.at) as oldest
        from postern.export_jobs as jobs
        join postern.event_heads as heads on jobs.tenant_id is null or jobs.tenant_id = heads.tenant_id
        left join postern.export_positions as positions
          on positions.run_id = jobs.id and positions.tenant_id = heads.tenant_id
        cross join lateral (
          select at from postern.events
          where tenant_id = heads.tenant_id and sequence > coalesce(positions.sequence, 0)
          order by sequence limit 1
        ) as waiting
        where jobs.id = ${jobId}
      `.execute(db);
      return rows[0]?.oldest ?? null;
    },
  };
}
