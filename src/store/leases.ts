import { sql } from "kysely";
import type { LeaseStore } from "../core/store.ts";
import type { Queries } from "./driver.ts";

/** Named leases; one statement decides who of many takes it. */
export function leaseStore(db: Queries): LeaseStore {
  return {
    async acquire(name, lease, now) {
      const taken = await db
        .insertInto("leases")
        .values({ name, token: lease.token, until: lease.until })
        .onConflict((conflict) =>
          conflict
            .column("name")
            .doUpdateSet({ token: lease.token, until: lease.until })
            .where(sql<boolean>`leases.until <= ${now}::timestamptz or leases.token = ${lease.token}`),
        )
        .returning("name")
        .executeTakeFirst();
      return taken !== undefined;
    },

    async releaseAll() {
      await db.deleteFrom("leases").execute();
    },

    async release(name, token) {
      await db.deleteFrom("leases").where("name", "=", name).where("token", "=", token).execute();
    },
  };
}
