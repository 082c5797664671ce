import type { Lease } from "./inbox.ts";
import type { Page, PageRequest } from "./store.ts";

/** A scan of the sent mail of a past window. `done` and `cancelled` are final. */
export type BackfillState = "running" | "paused" | "done" | "cancelled";

export interface NewBackfill {
  readonly tenantId: string;
  /** Inclusive. */
  readonly since: Date;
  /** Exclusive. */
  readonly until: Date;
  /** Act on what is found. Without it the verdict is recorded and nothing is done. */
  readonly act: boolean;
  /** Read mail again that was decided under another policy revision. */
  readonly again: boolean;
}

/** Messages unless said otherwise; listed = scanned + already + skipped + failed + those that wait. */
export interface BackfillCounts {
  readonly listed: number;
  /** Have a record that this backfill made. */
  readonly scanned: number;
  /** Had their record before. */
  readonly already: number;
  /** Own notices, drafts, and what was gone when it was to be read. */
  readonly skipped: number;
  /** Could not be read; listed with their reasons. */
  readonly failed: number;
  /** Findings (one a detector and part) in the records that were made. */
  readonly findings: number;
  /** Records that were made with a verdict stricter than `allow`. */
  readonly incidents: number;
}

export interface Backfill extends NewBackfill {
  readonly id: string;
  readonly state: BackfillState;
  /** Why it was cancelled when no person did it: a code. */
  readonly reason: string | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
  readonly mailboxes: {
    readonly total: number;
    /** Read to the end of the window: their messages are all counted in `listed`. */
    readonly listed: number;
    readonly done: number;
    readonly failed: number;
  };
  readonly counts: BackfillCounts;
}

export interface BackfillMailbox {
  readonly mailbox: string;
  readonly state: "open" | "done" | "failed";
  /** Why it waits or failed: an error code. */
  readonly reason: string | null;
  /** What was sent before it is listed. */
  readonly listedTo: Date;
  readonly counts: BackfillCounts;
}

export interface BackfillFailure {
  readonly mailbox: string;
  readonly messageId: string;
  readonly reason: string;
  readonly at: Date;
}

/** One mailbox of one running backfill, held under a lease by one worker for a few messages. */
export interface BackfillTurn {
  readonly backfill: NewBackfill & { readonly id: string; readonly createdAt: Date };
  readonly mailbox: string;
  readonly listedTo: Date;
  /** Failed readings of the mailbox in a row. */
  readonly attempts: number;
}

export type BackfillOutcome =
  | { readonly kind: "scanned"; readonly findings: number; readonly incident: boolean }
  | { readonly kind: "already" }
  | { readonly kind: "skipped" | "failed"; readonly reason: string };

/** How a turn ends: the mailbox is due again at a time, or given up. */
export type TurnEnd =
  /** A reason counts as one more failed reading of the mailbox; null begins the count anew. */
  | { readonly kind: "waits"; readonly until: Date; readonly reason: string | null }
  | { readonly kind: "failed"; readonly reason: string };

export interface BackfillStore {
  create(backfill: NewBackfill, mailboxes: readonly string[], now: Date): Promise<Backfill>;
  get(id: string): Promise<Backfill | undefined>;
  /** Newest first. */
  list(
    filter: { readonly tenant?: string; readonly state?: BackfillState },
    page: PageRequest,
  ): Promise<Page<Backfill>>;
  /** By address. */
  mailboxes(id: string, page: PageRequest): Promise<Page<BackfillMailbox>>;
  /** Messages that could not be read, in the order of listing. */
  failures(id: string, page: PageRequest): Promise<Page<BackfillFailure>>;
  /** False when it was in none of the states `from`. */
  change(
    id: string,
    from: readonly BackfillState[],
    to: Exclude<BackfillState, "done">,
    reason: string | null,
    now: Date,
  ): Promise<boolean>;

  /** The mailbox whose turn is longest ago, of the running backfill whose turn is; undefined when none is due. */
  claim(lease: Lease, now: Date): Promise<BackfillTurn | undefined>;
  /** False when the lease was lost. */
  renew(turn: BackfillTurn, lease: Lease): Promise<boolean>;
  /** Adds what was found up to a time, each id once in a backfill, and moves the mailbox there, in one transaction. */
  addListed(turn: BackfillTurn, token: string, messageIds: readonly string[], listedTo: Date): Promise<boolean>;
  /** Messages that wait and are due, in the order of listing. */
  waiting(
    turn: BackfillTurn,
    limit: number,
    now: Date,
  ): Promise<readonly { readonly messageId: string; readonly attempts: number }[]>;
  /** Writes and counts the outcome once. False when the lease was lost or the backfill no longer runs: end the turn. */
  finish(turn: BackfillTurn, token: string, messageId: string, outcome: BackfillOutcome, now: Date): Promise<boolean>;
  postpone(turn: BackfillTurn, token: string, messageId: string, until: Date, reason: string): Promise<boolean>;
  /**
   * Gives the lease back. Ends the mailbox when it is listed to the end and nothing waits, and the backfill with its
   * last mailbox.
   */
  endTurn(turn: BackfillTurn, token: string, end: TurnEnd, now: Date): Promise<void>;
  /**
   * The record that a backfill made of the message since this one began: after a crash between record and `finish`
   * the message looks known although this backfill made it so.
   */
  ownRecord(
    turn: BackfillTurn,
    messageId: string,
  ): Promise<{ readonly id: string; readonly findings: number; readonly incident: boolean } | undefined>;
  /** Forgets all leases: at the start of an embedded process, which is alone. */
  releaseAll(): Promise<void>;
}
