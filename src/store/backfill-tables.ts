import type { Generated, GeneratedAlways } from "kysely";
import type { BackfillMailbox, BackfillState } from "../core/backfill.ts";

/** Tables of scans of past mail, part of `Tables`. */
export interface BackfillTables {
  readonly backfills: BackfillsTable;
  readonly backfill_mailboxes: BackfillMailboxesTable;
  readonly backfill_messages: BackfillMessagesTable;
}

export interface BackfillsTable {
  id: string;
  tenant_id: string;
  since: Date;
  until: Date;
  act: boolean;
  again: boolean;
  state: BackfillState;
  reason: string | null;
  created_at: Date;
  ended_at: Date | null;
  /** When one of its mailboxes was taken up last. */
  turn_at: Date;
}

export interface BackfillMailboxesTable {
  backfill_id: string;
  mailbox: string;
  state: BackfillMailbox["state"];
  reason: string | null;
  listed_to: Date;
  attempts: Generated<number>;
  not_before: Date;
  turn_at: Date;
  lease_token: string | null;
  lease_until: Date | null;
  listed: Generated<number>;
  scanned: Generated<number>;
  already: Generated<number>;
  skipped: Generated<number>;
  failed: Generated<number>;
  findings: Generated<number>;
  incidents: Generated<number>;
}

export interface BackfillMessagesTable {
  backfill_id: string;
  mailbox: string;
  message_id: string;
  position: GeneratedAlways<string | number>;
  state: "waiting" | "scanned" | "already" | "skipped" | "failed";
  reason: string | null;
  attempts: Generated<number>;
  not_before: Date;
  at: Date;
}
