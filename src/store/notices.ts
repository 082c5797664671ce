import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { NoticeStore } from "../core/notice.ts";
import { insertActions } from "./action-rows.ts";
import type { Queries } from "./driver.ts";

const HOUR_MS = 3_600_000;
/** People whose digests one run plans; the next run has the rest. */
const MOST_PEOPLE = 200;
/** Notices of other steps of the same message come first. */
const DIGEST_STEP = 5;

/** Who was told how often, and what waits for a digest. */
export function noticeStore(db: Queries): NoticeStore {
  return {
    claim({ actionId, tenantId, person, messageId, occasion }, limit, now) {
      return db.transaction().execute(async (trx) => {
        await takeTurns(trx, tenantId, person);
        const known = await trx
          .selectFrom("notices")
          .select("state")
          .where("action_id", "=", actionId)
          .executeTakeFirst();
        if (known !== undefined) return known.state === "sent" ? "send" : "wait";
        const { sent, first, due } = await lately(trx, tenantId, person, now);
        const isOver = sent >= limit || due !== null;
        const begin = first ?? now;
        await trx
          .insertInto("notices")
          .values({
            action_id: actionId,
            tenant_id: tenantId,
            person,
            message_id: messageId,
            occasion,
            at: now,
            state: isOver ? "waiting" : "sent",
            due_at: isOver ? (due ?? new Date(begin.getTime() + HOUR_MS)) : null,
            digest_id: null,
          })
          .execute();
        return isOver ? "wait" : "send";
      });
    },

    async planDigests(now) {
      const people = await db
        .selectFrom("notices")
        .select(["tenant_id", "person"])
        .distinct()
        .where("state", "=", "waiting")
        .where("due_at", "<=", now)
        .limit(MOST_PEOPLE)
        .execute();
      const messages: string[] = [];
      for (const { tenant_id: tenantId, person } of people) {
        const messageId = await db.transaction().execute((trx) => planDigest(trx, tenantId, person, now));
        if (messageId !== undefined) messages.push(messageId);
      }
      return messages;
    },

    async inDigest(actionId) {
      const rows = await db
        .selectFrom("notices")
        .selectAll()
        .where("digest_id", "=", actionId)
        .orderBy("at")
        .orderBy("action_id")
        .execute();
      return rows.map((row) => ({
        actionId: row.action_id,
        tenantId: row.tenant_id,
        person: row.person,
        messageId: row.message_id,
        occasion: row.occasion,
        at: row.at,
      }));
    },
  };
}

/** Two notices to one person are counted one after the other. */
async function takeTurns(trx: Queries, tenantId: string, person: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${tenantId}\n${person}`}, 0))`.execute(trx);
}

/** What the person got in the last hour, and until when further notices are being gathered. */
async function lately(
  trx: Queries,
  tenantId: string,
  person: string,
  now: Date,
): Promise<{ readonly sent: number; readonly first: Date | null; readonly due: Date | null }> {
  const row = await trx
    .selectFrom("notices")
    .select([
      sql<number>`count(*) filter (where state = 'sent' and at > ${new Date(now.getTime() - HOUR_MS)}::timestamptz)::int`.as(
        "sent",
      ),
      sql<Date | null>`min(at) filter (where state = 'sent' and at > ${new Date(now.getTime() - HOUR_MS)}::timestamptz)`.as(
        "first",
      ),
      sql<Date | null>`min(due_at) filter (where state = 'waiting')`.as("due"),
    ])
    .where("tenant_id", "=", tenantId)
    .where("person", "=", person)
    .where((where) => where.or([where("state", "=", "waiting"), where("at", ">", new Date(now.getTime() - HOUR_MS))]))
    .executeTakeFirstOrThrow();
  return row;
}

async function planDigest(trx: Queries, tenantId: string, person: string, now: Date): Promise<string | undefined> {
  await takeTurns(trx, tenantId, person);
  const waiting = await trx
    .selectFrom("notices")
    .select(["action_id", "message_id"])
    .where("tenant_id", "=", tenantId)
    .where("person", "=", person)
    .where("state", "=", "waiting")
    .orderBy("at")
    .orderBy("action_id")
    .execute();
  const [oldest, newest] = [waiting[0], waiting.at(-1)];
  if (oldest === undefined || newest === undefined) return undefined;
  // By what it holds: a digest is known again however often it is planned.
  const id = createHash("sha256").update(`digest\n${oldest.action_id}`).digest("hex").slice(0, 32);
  await trx
    .updateTable("notices")
    .set({ state: "digested", digest_id: id, due_at: null })
    .where("tenant_id", "=", tenantId)
    .where("person", "=", person)
    .where("state", "=", "waiting")
    .execute();
  const action = {
    id,
    kind: "notify" as const,
    target: person,
    step: DIGEST_STEP,
    state: "planned" as const,
    reason: null,
    input: { occasion: "digest" },
  };
  await insertActions(trx, newest.message_id, [action], now);
  return newest.message_id;
}
