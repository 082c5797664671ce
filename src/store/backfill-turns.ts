import { sql } from "kysely";
import type { BackfillOutcome, BackfillStore, BackfillTurn } from "../core/backfill.ts";
import { endTurn } from "./backfill-turn-end.ts";
import type { Queries } from "./driver.ts";
import { toJson } from "./json.ts";

type Turns = Omit<BackfillStore, "create" | "get" | "list" | "mailboxes" | "failures" | "change">;

/** What the workers write, each under the lease of the mailbox's turn. */
export function backfillTurns(db: Queries): Turns {
  return {
    claim: (lease, now) =>
      db.transaction().execute(async (trx) => {
        const due = sql<boolean>`
          state = 'open' and not_before <= ${now}::timestamptz
          and (lease_until is null or lease_until <= ${now}::timestamptz)`;
        // The backfill's row makes workers take turns: none takes the mailbox that another is about to take.
        const { rows } = await sql<Claimed>`
          select * from postern.backfills as backfills where state = 'running' and exists (
            select from postern.backfill_mailboxes where backfill_id = backfills.id and ${due})
          order by turn_at, id limit 1 for no key update
        `.execute(trx);
        const [backfill] = rows;
        if (backfill === undefined) return undefined;
        const mailbox = await trx
          .updateTable("backfill_mailboxes")
          .set({ lease_token: lease.token, lease_until: lease.until, turn_at: now })
          .where("backfill_id", "=", backfill.id)
          .where("mailbox", "=", (query) =>
            query
              .selectFrom("backfill_mailboxes")
              .select("mailbox")
              .where("backfill_id", "=", backfill.id)
              .where(due)
              .orderBy("turn_at")
              .orderBy("mailbox")
              .limit(1),
          )
          .returningAll()
          .executeTakeFirst();
        if (mailbox === undefined) return undefined;
        await trx.updateTable("backfills").set({ turn_at: now }).where("id", "=", backfill.id).execute();
        const { id, tenant_id: tenantId, since, until, act, again, created_at: createdAt } = backfill;
        return {
          backfill: { id, tenantId, since, until, act, again, createdAt },
          mailbox: mailbox.mailbox,
          listedTo: mailbox.listed_to,
          attempts: mailbox.attempts,
        };
      }),

    async renew({ backfill, mailbox }, lease) {
      const renewed = await db
        .updateTable("backfill_mailboxes")
        .set({ lease_until: lease.until })
        .where("backfill_id", "=", backfill.id)
        .where("mailbox", "=", mailbox)
        .where("lease_token", "=", lease.token)
        .executeTakeFirst();
      return renewed.numUpdatedRows > 0n;
    },

    addListed: ({ backfill, mailbox }, token, messageIds, listedTo) =>
      db.transaction().execute(async (trx) => {
        const held = await trx
          .updateTable("backfill_mailboxes")
          .set({ listed_to: listedTo })
          .where("backfill_id", "=", backfill.id)
          .where("mailbox", "=", mailbox)
          .where("lease_token", "=", token)
          .executeTakeFirst();
        if (held.numUpdatedRows === 0n) return false;
        await sql`
          with added as (
            insert into postern.backfill_messages (backfill_id, mailbox, message_id, state, not_before, at)
            select ${backfill.id}, ${mailbox}, message_id, 'waiting', 'epoch', ${listedTo}::timestamptz
            from jsonb_array_elements_text(${toJson(messageIds)}::jsonb) with ordinality as given (message_id, number)
            order by number
            on conflict do nothing returning 1
          )
          update postern.backfill_mailboxes set listed = listed + (select count(*) from added)
          where backfill_id = ${backfill.id} and mailbox = ${mailbox}
        `.execute(trx);
        return true;
      }),

    async waiting({ backfill, mailbox }, limit, now) {
      const rows = await db
        .selectFrom("backfill_messages")
        .select(["message_id", "attempts"])
        .where("backfill_id", "=", backfill.id)
        .where("mailbox", "=", mailbox)
        .where("state", "=", "waiting")
        .where("not_before", "<=", now)
        .orderBy("position")
        .limit(limit)
        .execute();
      return rows.map(({ message_id: messageId, attempts }) => ({ messageId, attempts }));
    },

    async finish({ backfill, mailbox }, token, messageId, outcome, now) {
      const reason = outcome.kind === "skipped" || outcome.kind === "failed" ? outcome.reason : null;
      const { rows } = await sql<{ goes_on: boolean }>`
        with held as (
          select 1 from postern.backfill_mailboxes
          where backfill_id = ${backfill.id} and mailbox = ${mailbox} and lease_token = ${token}
        ), finished as (
          update postern.backfill_messages set state = ${outcome.kind}, reason = ${reason}, at = ${now}::timestamptz
          where backfill_id = ${backfill.id} and mailbox = ${mailbox} and message_id = ${messageId}
            and state = 'waiting' and exists (select from held)
          returning 1
        ), counted as (
          update postern.backfill_mailboxes set ${counting(outcome)}
          where backfill_id = ${backfill.id} and mailbox = ${mailbox} and exists (select from finished)
        )
        select exists (select from held)
          and exists (select from postern.backfills where id = ${backfill.id} and state = 'running') as goes_on
      `.execute(db);
      return rows[0]?.goes_on === true;
    },

    async postpone({ backfill, mailbox }, token, messageId, until, reason) {
      const { numAffectedRows } = await sql`
        update postern.backfill_messages as messages
        set attempts = messages.attempts + 1, not_before = ${until}::timestamptz, reason = ${reason}
        from postern.backfill_mailboxes as mailboxes
        where messages.backfill_id = ${backfill.id} and messages.mailbox = ${mailbox}
          and message_id = ${messageId} and messages.state = 'waiting'
          and mailboxes.backfill_id = ${backfill.id} and mailboxes.mailbox = ${mailbox} and lease_token = ${token}
      `.execute(db);
      return numAffectedRows !== undefined && numAffectedRows > 0n;
    },

    endTurn: (turn, token, end, now) => endTurn(db, turn, token, end, now),

    ownRecord: (turn, messageId) => ownRecord(db, turn, messageId),

    async releaseAll() {
      await db
        .updateTable("backfill_mailboxes")
        .set({ lease_token: null, lease_until: null })
        .where("lease_token", "is not", null)
        .execute();
    },
  };
}

interface Claimed {
  readonly id: string;
  readonly tenant_id: string;
  readonly since: Date;
  readonly until: Date;
  readonly act: boolean;
  readonly again: boolean;
  readonly created_at: Date;
}

function counting(outcome: BackfillOutcome) {
  switch (outcome.kind) {
    case "scanned": {
      const { findings, incident } = outcome;
      return sql`
        scanned = scanned + 1, findings = findings + ${findings}::int, incidents = incidents + ${incident ? 1 : 0}::int`;
    }
    case "already":
      return sql`already = already + 1`;
    case "skipped":
      return sql`skipped = skipped + 1`;
    case "failed":
      return sql`failed = failed + 1`;
  }
}

async function ownRecord(
  db: Queries,
  { backfill, mailbox }: BackfillTurn,
  messageId: string,
): Promise<{ readonly id: string; readonly findings: number; readonly incident: boolean } | undefined> {
  const row = await db
    .selectFrom("messages")
    .select(["id", "findings", "verdict"])
    .where("tenant_id", "=", backfill.tenantId)
    .where("mailbox", "=", mailbox)
    .where("provider_message_id", "=", messageId)
    .where("trigger", "=", "backfill")
    .where("scanned_at", ">=", backfill.createdAt)
    .orderBy("scanned_at", "desc")
    .executeTakeFirst();
  return row && { id: row.id, findings: row.findings.length, incident: row.verdict !== "allow" };
}
