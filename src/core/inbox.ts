import type { MessageRef, Provider, Stage, Trigger } from "./message.ts";
import type { Page, PageRequest } from "./store.ts";

/** Something accepted that must end in exactly one outcome. */
export interface NewInboxItem {
  readonly tenantId: string;
  readonly provider: Provider;
  readonly mailbox: string;
  readonly stage: Stage;
  readonly trigger: Trigger;
  /** `message`: read this message. `sync`: read what is new in the mailbox. */
  readonly kind: "message" | "sync";
  /** Null for `sync`. */
  readonly messageId: string | null;
}

export type InboxOutcome = "verdict" | "duplicate" | "missing" | "skipped" | "dead";

export interface InboxItem extends NewInboxItem {
  readonly id: string;
  /** Failed attempts that count. */
  readonly attempts: number;
  /** All attempts, also those that throttling and outages ended. */
  readonly tries: number;
  readonly acceptedAt: Date;
  readonly state: "pending" | InboxOutcome;
  /** Why it waits or how it ended: an error code, never content. */
  readonly reason: string | null;
  readonly notBefore: Date;
}

/** Held by one worker; every write checks it, so that a worker that lost its lease changes nothing. */
export interface Lease {
  readonly token: string;
  readonly until: Date;
}

export interface InboxStore {
  /**
   * Durable when it resolves. One item per (tenant, mailbox, stage, kind, messageId): a repeat for an item that still
   * waits changes nothing; for a finished `sync`, a finished item of an unsent stage or one that ended `missing` it
   * becomes pending again; for a `sync` or an unsent message under way it is noted, so that `finish` leaves it pending
   * for another round.
   * Returns the ids of the items that are pending now, for waking the workers.
   */
  accept(items: readonly NewInboxItem[], now: Date): Promise<readonly string[]>;
  /** The item with a lease, or undefined when it is finished, not due or held by another. */
  claim(id: string, lease: Lease, now: Date): Promise<InboxItem | undefined>;
  /** False when the lease was lost. */
  renew(id: string, lease: Lease): Promise<boolean>;
  finish(id: string, token: string, outcome: InboxOutcome, reason: string | null, now: Date): Promise<boolean>;
  postpone(id: string, token: string, until: Date, counted: boolean, reason: string): Promise<boolean>;
  /** Pending items that are due and held by nobody, oldest first. */
  due(now: Date, limit: number): Promise<readonly InboxItem[]>;
  /** Forgets all leases: at the start of an embedded process, which is alone. */
  releaseAll(): Promise<void>;
  /** The item of one message, in whatever state; undefined when it was never accepted. */
  find(ref: MessageRef, stage: Stage): Promise<InboxItem | undefined>;
  dead(page: PageRequest): Promise<Page<InboxItem>>;
  /** A dead item becomes pending with its attempts reset. False when it is not dead. */
  retryDead(id: string, now: Date): Promise<boolean>;
  ledger(filter: { readonly tenantId?: string; readonly since?: Date; readonly until?: Date }): Promise<Ledger>;
}

/** accepted = sum of the rest. Counts items of kind `message`. */
export interface Ledger {
  readonly accepted: number;
  readonly verdicts: number;
  readonly pending: number;
  readonly dead: number;
  readonly missing: number;
  /** Own notices, drafts that were not to be scanned, and copies of mails that have their verdict. */
  readonly skipped: number;
}
