import { sql } from "kysely";
import type { MessageStore } from "../core/store.ts";
import type { Queries } from "./driver.ts";
import { countMessages, listMessages } from "./message-list.ts";
import { RECORD_COLUMNS, withActions } from "./message-rows.ts";
import { recordScan } from "./record-scan.ts";
import { settles } from "./settled-mail.ts";

/** The lasting records of scanned mail. */
export function messageStore(db: Queries): MessageStore {
  return {
    async isKnown(ref, stage, past) {
      // An unsent message changes under its id, so that knowing it says nothing.
      if (stage !== "sent") return false;
      const row = await db
        .selectFrom("messages")
        .select("id")
        .where("tenant_id", "=", ref.tenantId)
        .where("mailbox", "=", ref.mailbox)
        .where("provider_message_id", "=", ref.messageId)
        .where("stage", "=", "sent")
        .where(settles(past))
        .executeTakeFirst();
      return row !== undefined;
    },

    record: (scan) => recordScan(db, scan),

    async get(id) {
      const rows = await db.selectFrom("messages").select(RECORD_COLUMNS).where("id", "=", id).execute();
      const [record] = await withActions(db, rows);
      return record;
    },

    list: (filter, page) => listMessages(db, filter, page),

    count: (filter) => countMessages(db, filter),

    async evidence(ids) {
      const rows = await db
        .selectFrom("messages")
        .select(["id", "evidence"])
        .where(sql<boolean>`id = any(${ids}::text[])`)
        .execute();
      return new Map(rows.map((row) => [row.id, row.evidence]));
    },
  };
}
