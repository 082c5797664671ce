import type { PolicyRevision, PolicyStore } from "../core/store.ts";
import type { Queries } from "./driver.ts";

/** Every policy that was put into force, in order; going back to an earlier one is a new entry. */
export function policyStore(db: Queries): PolicyStore {
  const history = (limit: number): Promise<readonly PolicyRevision[]> =>
    db
      .selectFrom("policy_revisions")
      .select(["revision", "source", "format", "by", "at"])
      .orderBy("number", "desc")
      .limit(limit)
      .execute();
  return {
    history,

    async current() {
      const [newest] = await history(1);
      return newest;
    },

    async save({ revision, source, format, by, at }) {
      await db.insertInto("policy_revisions").values({ revision, source, format, by, at }).execute();
    },
  };
}
