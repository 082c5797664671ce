import { sql } from "kysely";
import type { ExportRun, ExportStore } from "../core/export-store.ts";
import type { Queries } from "./driver.ts";

interface RunRow {
  readonly id: string;
  readonly job_id: string;
  readonly kind: ExportRun["kind"];
  readonly since: Date | null;
  readonly until: Date | null;
  readonly state: ExportRun["state"];
  readonly created_at: Date;
  readonly done: string | number;
  readonly total: string | number;
}

/** Runs with their progress: events read of those in the window. */
const RUNS = sql`
  select runs.*, coalesce(sum(positions.sequence - positions.first), 0) as done,
    coalesce(sum(positions.last - positions.first), 0) as total
  from postern.export_runs as runs left join postern.export_positions as positions on positions.run_id = runs.id`;

export function exportRuns(
  db: Queries,
): Pick<ExportStore, "startBackfill" | "run" | "backfills" | "activeRuns" | "changeRun"> {
  const one = async (of: Queries, id: string): Promise<ExportRun | undefined> => {
    const { rows } = await sql<RunRow>`${RUNS} where runs.id = ${id} group by runs.id`.execute(of);
    return rows[0] && toRun(rows[0]);
  };
  return {
    startBackfill({ id, jobId, since, until }, now) {
      return db.transaction().execute(async (trx) => {
        await trx
          .insertInto("export_runs")
          .values({ id, job_id: jobId, kind: "backfill", since, until, state: "running", created_at: now })
          .execute();
        await sql`
          insert into postern.export_positions (run_id, tenant_id, first, sequence, last)
          select ${id}, events.tenant_id, min(sequence) - 1, min(sequence) - 1, max(sequence)
          from postern.events join postern.export_jobs as jobs on jobs.id = ${jobId}
          where at >= ${since}::timestamptz and at < ${until}::timestamptz
            and (jobs.tenant_id is null or jobs.tenant_id = events.tenant_id)
          group by events.tenant_id
        `.execute(trx);
        const run = await one(trx, id);
        if (run === undefined) throw new Error("A started backfill came back empty");
        return run;
      });
    },

    run: (id) => one(db, id),

    async backfills(jobId) {
      const { rows } = await sql<RunRow>`
        ${RUNS} where runs.job_id = ${jobId} and runs.kind = 'backfill' group by runs.id order by runs.id desc
      `.execute(db);
      return rows.map(toRun);
    },

    async activeRuns() {
      const { rows } = await sql<RunRow>`
        ${RUNS} join postern.export_jobs as jobs on jobs.id = runs.job_id
        where runs.state = 'running' and jobs.enabled group by runs.id
      `.execute(db);
      return rows.map(toRun);
    },

    async changeRun(id, from, to) {
      const done = await db
        .updateTable("export_runs")
        .set({ state: to })
        .where("id", "=", id)
        .where("state", "=", from)
        .executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },
  };
}

function toRun(row: RunRow): ExportRun {
  return {
    id: row.id,
    jobId: row.job_id,
    kind: row.kind,
    since: row.since,
    until: row.until,
    state: row.state,
    done: Number(row.done),
    total: Number(row.total),
    createdAt: row.created_at,
  };
}
