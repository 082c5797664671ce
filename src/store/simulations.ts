import type { Selectable } from "kysely";
import type { SimulationStore, StoredSimulation } from "../core/simulation.ts";
import type { Queries } from "./driver.ts";
import { toJson } from "./json.ts";
import type { SimulationsTable } from "./tables.ts";

/** Simulations of policies, which any process can be asked about while one works. */
export function simulationStore(db: Queries): SimulationStore {
  return {
    async create(id, total, now, keptSince) {
      await db.deleteFrom("simulations").where("beat_at", "<", keptSince).execute();
      await db
        .insertInto("simulations")
        .values({ id, state: "running", total, done: 0, created_at: now, beat_at: now })
        .execute();
    },

    async beat(id, done, now) {
      const { numUpdatedRows } = await db
        .updateTable("simulations")
        .set({ done, beat_at: now })
        .where("id", "=", id)
        .where("state", "=", "running")
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    async end(id, end, now) {
      const { numUpdatedRows } = await db
        .updateTable("simulations")
        .set({
          state: end.state,
          ended_at: now,
          reason: end.state === "failed" ? end.reason : null,
          result: end.state === "done" ? toJson(end.result) : null,
        })
        .where("id", "=", id)
        .where("state", "=", "running")
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    async get(id) {
      const row = await db.selectFrom("simulations").selectAll().where("id", "=", id).executeTakeFirst();
      return row && fromRow(row);
    },
  };
}

function fromRow(row: Selectable<SimulationsTable>): StoredSimulation {
  const { id, state, reason, done, total, result } = row;
  return {
    id,
    state,
    reason,
    done,
    total,
    result,
    createdAt: row.created_at,
    beatAt: row.beat_at,
    endedAt: row.ended_at,
  };
}
