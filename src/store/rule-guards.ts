import { sql } from "kysely";
import type { RuleGuardStore } from "../core/rule-guard.ts";
import { INSTALLATION } from "../core/store.ts";
import type { Queries } from "./driver.ts";
import { appendEvents } from "./event-log.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** How often each rule acted lately, and the rules that are stopped. */
export function ruleGuardStore(db: Queries): RuleGuardStore {
  return {
    admit(rules, limit, tenantId, now) {
      return db.transaction().execute(async (trx) => {
        const paused: string[] = [];
        const tripped: string[] = [];
        // In one order everywhere, or two messages could wait for each other.
        for (const rule of [...new Set(rules)].toSorted((a, b) => (a < b ? -1 : 1))) {
          const state = await admitOne(trx, rule, limit, now);
          if (state !== "admitted") paused.push(rule);
          if (state === "tripped") tripped.push(rule);
        }
        if (tripped.length > 0)
          await appendEvents(
            trx,
            tenantId,
            tripped.map((rule) => ({ kind: "audit", body: { change: "rule-paused", by: "system", rule, limit } })),
            now,
          );
        return { paused, tripped };
      });
    },

    async pauses() {
      const rows = await db.selectFrom("rule_guards").selectAll().where("paused_at", "is not", null).execute();
      return rows.flatMap(({ rule, paused_at: since, paused_limit: limit }) =>
        since === null ? [] : [{ rule, since, limit: limit ?? 0 }],
      );
    },

    resume(rule, by, now) {
      return db.transaction().execute(async (trx) => {
        const row = await trx
          .updateTable("rule_guards")
          .set({ paused_at: null, paused_limit: null })
          .where("rule", "=", rule)
          .where("paused_at", "is not", null)
          .returning("rule")
          .executeTakeFirst();
        if (row === undefined) return false;
        await trx.deleteFrom("rule_activity").where("rule", "=", rule).execute();
        await appendEvents(trx, INSTALLATION, [{ kind: "audit", body: { change: "rule-resumed", by, rule } }], now);
        return true;
      });
    },
  };
}

/** The rule's row lock makes messages take turns, so that exactly `limit` of them pass. */
async function admitOne(
  trx: Queries,
  rule: string,
  limit: number,
  now: Date,
): Promise<"admitted" | "paused" | "tripped"> {
  const guard = await trx
    .insertInto("rule_guards")
    .values({ rule, paused_at: null, paused_limit: null })
    .onConflict((conflict) => conflict.column("rule").doUpdateSet({ rule }))
    .returning("paused_at")
    .executeTakeFirstOrThrow();
  if (guard.paused_at !== null) return "paused";
  await trx
    .deleteFrom("rule_activity")
    .where("rule", "=", rule)
    .where("minute", "<=", new Date(now.getTime() - HOUR_MS))
    .execute();
  const { acted } = await trx
    .selectFrom("rule_activity")
    .select(sql<number>`coalesce(sum(messages), 0)::int`.as("acted"))
    .where("rule", "=", rule)
    .executeTakeFirstOrThrow();
  if (acted >= limit) {
    await trx
      .updateTable("rule_guards")
      .set({ paused_at: now, paused_limit: limit })
      .where("rule", "=", rule)
      .execute();
    return "tripped";
  }
  const minute = new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS);
  await trx
    .insertInto("rule_activity")
    .values({ rule, minute, messages: 1 })
    .onConflict((conflict) =>
      conflict.columns(["rule", "minute"]).doUpdateSet({ messages: sql`rule_activity.messages + 1` }),
    )
    .execute();
  return "admitted";
}
