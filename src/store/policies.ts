import { sql } from "kysely";
import { INSTALLATION, type PolicyRevision, type PolicyStore } from "../core/store.ts";
import type { Queries } from "./driver.ts";
import { appendEvents } from "./event-log.ts";

/** Every policy that was put into force, in order; going back to an earlier one is a new entry. */
export function policyStore(db: Queries): PolicyStore {
  const entries = (of: Queries) =>
    of
      .selectFrom("policy_revisions")
      .select(["number", "revision", "source", "format", "by", "at"])
      .orderBy("number", "desc");
  const newest = (of: Queries): Promise<PolicyRevision | undefined> =>
    entries(of).limit(1).executeTakeFirst().then(toRevision);
  return {
    async history(limit, before) {
      const query = before === undefined ? entries(db) : entries(db).where("number", "<", before);
      return (await query.limit(limit).execute()).map((row) => ({ ...row, number: Number(row.number) }));
    },

    current: () => newest(db),

    async find(revision) {
      return toRevision(await entries(db).where("revision", "=", revision).limit(1).executeTakeFirst());
    },

    save({ revision, source, format, by, at }, { unless, audit } = {}) {
      return db.transaction().execute(async (trx) => {
        // Writers take turns, so that nobody decides by an entry that another one is about to follow.
        await sql`lock table postern.policy_revisions in share row exclusive mode`.execute(trx);
        if (unless !== undefined && (await newest(trx))?.revision !== unless.newestIsNot) return false;
        await trx.insertInto("policy_revisions").values({ revision, source, format, by, at }).execute();
        if (audit !== undefined) await appendEvents(trx, INSTALLATION, [{ kind: "audit", body: audit }], at);
        return true;
      });
    },
  };
}

/** node-postgres gives 64-bit numbers as text. */
function toRevision<Row extends { readonly number: number }>(row: Row | undefined): Row | undefined {
  return row && { ...row, number: Number(row.number) };
}
