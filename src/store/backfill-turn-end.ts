import { sql } from "kysely";
import type { BackfillTurn, TurnEnd } from "../core/backfill.ts";
import type { Queries } from "./driver.ts";

/** One transaction; the backfill's row is locked first, so that one of two last mailboxes sees the other's end. */
export async function endTurn(
  db: Queries,
  { backfill: { id }, mailbox }: BackfillTurn,
  token: string,
  end: TurnEnd,
  now: Date,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { rows: locked } = await sql<{ state: string; until: Date }>`
      select state, until from postern.backfills where id = ${id} for no key update
    `.execute(trx);
    const [backfill] = locked;
    if (backfill === undefined) return;
    const { rows } = await sql<{ listed_to: Date; next: Date | null }>`
      select listed_to, (
        select min(not_before) from postern.backfill_messages
        where backfill_id = ${id} and mailbox = ${mailbox} and state = 'waiting'
      ) as next
      from postern.backfill_mailboxes
      where backfill_id = ${id} and mailbox = ${mailbox} and lease_token = ${token} for update
    `.execute(trx);
    const [held] = rows;
    if (held === undefined) return;
    const isListed = held.listed_to >= backfill.until;
    await trx
      .updateTable("backfill_mailboxes")
      .set((column) => ({
        lease_token: null,
        lease_until: null,
        reason: end.reason,
        ...(end.kind === "failed"
          ? { state: "failed" as const }
          : {
              state: isListed && held.next === null ? "done" : "open",
              // Only messages that are not due yet are left: no turn is needed before the first of them is.
              not_before: isListed && held.next !== null && held.next > end.until ? held.next : end.until,
              attempts: end.reason === null ? 0 : column("attempts", "+", 1),
            }),
      }))
      .where("backfill_id", "=", id)
      .where("mailbox", "=", mailbox)
      .execute();
    if (end.kind === "failed") await giveUpWaiting(trx, id, mailbox, end.reason, now);
    if (backfill.state !== "cancelled" && !(await isOpen(trx, id))) {
      await trx.updateTable("backfills").set({ state: "done", ended_at: now }).where("id", "=", id).execute();
      await forgetFinished(trx, id);
    } else if (backfill.state === "cancelled") await forgetFinished(trx, id, mailbox);
  });
}

/** The messages of a mailbox that cannot be read any more fail with it. */
async function giveUpWaiting(trx: Queries, id: string, mailbox: string, reason: string, now: Date): Promise<void> {
  await sql`
    with given_up as (
      update postern.backfill_messages set state = 'failed', reason = ${reason}, at = ${now}::timestamptz
      where backfill_id = ${id} and mailbox = ${mailbox} and state = 'waiting' returning 1
    )
    update postern.backfill_mailboxes set failed = failed + (select count(*) from given_up)
    where backfill_id = ${id} and mailbox = ${mailbox}
  `.execute(trx);
}

async function isOpen(trx: Queries, id: string): Promise<boolean> {
  const open = await trx
    .selectFrom("backfill_mailboxes")
    .select("mailbox")
    .where("backfill_id", "=", id)
    .where("state", "=", "open")
    .executeTakeFirst();
  return open !== undefined;
}

/** An ended backfill needs its list no longer, only what failed. */
async function forgetFinished(trx: Queries, id: string, mailbox?: string): Promise<void> {
  await trx
    .deleteFrom("backfill_messages")
    .where("backfill_id", "=", id)
    .where("state", "<>", "failed")
    .$if(mailbox !== undefined, (query) => query.where("mailbox", "=", mailbox ?? ""))
    .execute();
}
