import { sql } from "kysely";
import type { Store } from "../core/store.ts";
import { actionStore } from "./actions.ts";
import { backfillStore } from "./backfills.ts";
import type { Database } from "./database.ts";
import { directoryStore } from "./directory.ts";
import { queriesOn } from "./driver.ts";
import { eventStore } from "./events.ts";
import { exportStore } from "./export.ts";
import { unavailable } from "./failure.ts";
import { inboxStore } from "./inbox.ts";
import { knownDataStore } from "./known-data.ts";
import { leaseStore } from "./leases.ts";
import { messageStore } from "./messages.ts";
import { noticeStore } from "./notices.ts";
import { policyStore } from "./policies.ts";
import { quarantineStore } from "./quarantine.ts";
import { ruleGuardStore } from "./rule-guards.ts";
import { simulationStore } from "./simulations.ts";
import { syncStore } from "./syncs.ts";
import { tenantStore } from "./tenants.ts";
import { watchStore } from "./watches.ts";

export { openBlobStore } from "./blobs.ts";

/** The store on an open database. `close` closes the database. */
export function openStore(database: Database): Store {
  const db = queriesOn(database.pool);
  // What a web hook's answer waits for: whose registration it is, and the durable write.
  const urgent = queriesOn(database.urgent);
  return {
    tenants: tenantStore(db),
    directory: directoryStore(db),
    syncs: syncStore(db),
    watches: watchStore(db, urgent),
    inbox: inboxStore(db, urgent),
    messages: messageStore(db),
    actions: actionStore(db),
    quarantine: quarantineStore(db),
    policies: policyStore(db),
    events: eventStore(db),
    exports: exportStore(db),
    leases: leaseStore(db),
    ruleGuards: ruleGuardStore(db),
    notices: noticeStore(db),
    backfills: backfillStore(db),
    simulations: simulationStore(db),
    knownData: knownDataStore(database),

    async ping() {
      if (!(await database.alive())) throw unavailable("no answer");
      await sql`select 1`.execute(db);
    },

    close: () => database.close(),
  };
}
