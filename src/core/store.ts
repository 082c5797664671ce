import type { ActionOutcome } from "./action.ts";
import type { BackfillStore } from "./backfill.ts";
import type { ExportStore } from "./export-store.ts";
import type { Finding } from "./finding.ts";
import type { InboxStore, Lease } from "./inbox.ts";
import type { KnownDataStore } from "./known-data.ts";
import type { MessageRef, PastScan, Stage } from "./message.ts";
import type { NoticeStore } from "./notice.ts";
import type {
  EventRecord,
  MessageRecord,
  NewAction,
  NewScan,
  QuarantineItem,
  QuarantineState,
  StoredAction,
} from "./records.ts";
import type { RuleGuardStore } from "./rule-guard.ts";
import type { SimulationStore } from "./simulation.ts";
import type { DirectoryGroup, DirectoryMailbox, Tenant, TenantCheck, TenantMode, TenantState } from "./tenant.ts";
import type { Verdict } from "./verdict.ts";

export type { InboxItem, InboxOutcome, InboxStore, Lease, Ledger, NewInboxItem } from "./inbox.ts";

/** The database as the rest of Postern sees it. One implementation, on PostgreSQL and on embedded PGlite. */
export interface Store {
  readonly tenants: TenantStore;
  readonly directory: DirectoryStore;
  readonly syncs: SyncStore;
  readonly watches: WatchStore;
  readonly inbox: InboxStore;
  readonly messages: MessageStore;
  readonly actions: ActionStore;
  readonly quarantine: QuarantineStore;
  readonly policies: PolicyStore;
  readonly events: EventStore;
  readonly exports: ExportStore;
  readonly leases: LeaseStore;
  readonly ruleGuards: RuleGuardStore;
  readonly notices: NoticeStore;
  readonly backfills: BackfillStore;
  readonly simulations: SimulationStore;
  readonly knownData: KnownDataStore;
  /** Cheap query; rejects with STORE_UNAVAILABLE when the database does not answer in time. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Opaque; null on the last page. */
  readonly next: string | null;
}

export interface PageRequest {
  readonly cursor?: string;
  /** 1 to 500. */
  readonly limit: number;
}

/** What may change of a connected tenant; a field that is left out stays as it is. */
export interface TenantChange {
  readonly name?: string;
  readonly mode?: TenantMode;
  readonly mailboxes?: "all" | readonly string[];
  readonly stages?: readonly Stage[];
  readonly serviceMailbox?: string | null;
  readonly state?: TenantState;
  readonly checks?: readonly TenantCheck[];
  readonly domains?: readonly string[];
  readonly sealedSettings?: string;
}

export interface TenantStore {
  /** @throws PosternError CONFLICT when the provider's tenant is connected already. */
  create(tenant: Omit<Tenant, "createdAt"> & { readonly sealedSettings?: string }, now: Date): Promise<Tenant>;
  get(id: string): Promise<Tenant | undefined>;
  /** The sealed settings (with the credential) as `create` or `update` got them; undefined when there are none. */
  settings(id: string): Promise<string | undefined>;
  list(): Promise<readonly Tenant[]>;
  update(id: string, change: TenantChange): Promise<void>;
  /** Removes the tenant with its directory, cursors and watches; records of messages stay. */
  remove(id: string): Promise<void>;
}

export interface DirectoryStore {
  /** Replaces what is known of the tenant's mailboxes and groups. */
  replace(tenantId: string, mailboxes: readonly DirectoryMailbox[], groups: readonly DirectoryGroup[]): Promise<void>;
  mailboxes(tenantId: string): Promise<readonly DirectoryMailbox[]>;
  groups(tenantId: string): Promise<readonly DirectoryGroup[]>;
}

/** How far a mailbox and stage has been read. */
export interface SyncPoint {
  readonly tenantId: string;
  readonly mailbox: string;
  readonly stage: Stage;
  readonly cursor: string | null;
  /** Nothing older is scanned by catch-up: the time of connecting, later the last complete reading less a margin. */
  readonly since: Date;
  readonly syncedAt: Date | null;
}

export interface SyncStore {
  get(tenantId: string, mailbox: string, stage: Stage): Promise<SyncPoint | undefined>;
  list(tenantId: string): Promise<readonly SyncPoint[]>;
  /** Adds a point unless there is one. */
  start(point: Omit<SyncPoint, "syncedAt">): Promise<void>;
  /** Writes cursor, since and syncedAt. */
  save(point: SyncPoint): Promise<void>;
}

export interface StoredWatch {
  readonly tenantId: string;
  readonly mailbox: string;
  readonly stage: Stage;
  readonly watchId: string;
  /** SHA-256 (hex) of the client state that the provider sends back. */
  readonly secretHash: string;
  readonly expiresAt: Date;
  readonly createdAt: Date;
}

export interface OwnedWatch extends StoredWatch {
  /** The provider's id of the tenant, for the comparison with a notification's own claim. */
  readonly externalTenantId: string;
}

export interface WatchStore {
  /** By the provider's id; the one newest for its mailbox and stage and up to one predecessor are kept. */
  find(watchId: string): Promise<OwnedWatch | undefined>;
  current(tenantId: string, mailbox: string, stage: Stage): Promise<StoredWatch | undefined>;
  list(tenantId: string): Promise<readonly StoredWatch[]>;
  save(watch: StoredWatch): Promise<void>;
  /** Every registration with this id, or the one mailbox's (Gmail: all mailboxes share the topic's name). */
  remove(watchId: string, of?: { readonly tenantId: string; readonly mailbox: string }): Promise<void>;
}

export interface MessageFilter {
  readonly tenant?: string;
  readonly mailbox?: string;
  readonly internetMessageId?: string;
  readonly verdict?: Verdict;
  readonly stage?: Stage;
  /** Of `scannedAt`. */
  readonly since?: Date;
  readonly until?: Date;
  /** Only verdicts stricter than `allow`. */
  readonly incidentsOnly?: boolean;
}

export interface MessageStore {
  /**
   * True when a sent message with this provider id has a record that settles it: it need not be fetched again.
   * A record of a backfill that was not to act settles nothing for live mail or for one that acts; a backfill `again`
   * wants a record of this policy revision, or one that is held in quarantine.
   */
  isKnown(ref: MessageRef, stage: Stage, past?: PastScan & { readonly policyRevision: string }): Promise<boolean>;
  /**
   * Writes record, actions, quarantine item and events in one transaction, once per identity. `created` is false
   * when the mail has a record that settles it (see `isKnown`); then only its provider id is brought up to date.
   */
  record(scan: NewScan): Promise<{ readonly created: boolean; readonly record: MessageRecord }>;
  get(id: string): Promise<MessageRecord | undefined>;
  /** Newest first. */
  list(filter: MessageFilter, page: PageRequest): Promise<Page<MessageRecord>>;
  /** How many `list` would give in all. */
  count(filter: MessageFilter): Promise<number>;
  /** The findings that were kept with records, by the record's id. */
  evidence(ids: readonly string[]): Promise<ReadonlyMap<string, readonly Finding[]>>;
}

export interface ActionStore {
  forMessage(messageId: string): Promise<readonly StoredAction[]>;
  /** Adds actions to a recorded message (release, delete, expiry); those with a known id stay as they are. */
  add(messageId: string, actions: readonly NewAction[], now: Date): Promise<void>;
  /**
   * Counts an attempt and takes the lease; undefined when it is finished, not due or held by another.
   * `attempts` of the answer includes this one: `PlannedAction.attempts` is one less.
   */
  claim(id: string, lease: Lease, now: Date): Promise<StoredAction | undefined>;
  /** False when the lease was lost. */
  renew(id: string, lease: Lease): Promise<boolean>;
  /** Writes the outcome and its event; false when the lease was lost. */
  finish(id: string, token: string, outcome: ActionOutcome, now: Date): Promise<boolean>;
  postpone(id: string, token: string, until: Date, reason: string): Promise<boolean>;
  /** Ids of messages that have planned actions which are due and held by nobody. */
  due(now: Date, limit: number): Promise<readonly string[]>;
  releaseAll(): Promise<void>;
}

export interface QuarantineStore {
  get(id: string): Promise<QuarantineItem | undefined>;
  forMessage(messageId: string): Promise<QuarantineItem | undefined>;
  list(
    filter: { readonly tenant?: string; readonly state?: QuarantineState },
    page: PageRequest,
  ): Promise<Page<QuarantineItem>>;
  /**
   * `held` → `to`, with its event, and the actions that carry it out, in one transaction.
   * @throws PosternError CONFLICT (with the present state in `details.state`) when it is no longer held, NOT_FOUND.
   */
  transition(
    id: string,
    to: Exclude<QuarantineState, "held">,
    by: string,
    reason: string | null,
    actions: readonly NewAction[],
    now: Date,
  ): Promise<QuarantineItem>;
  expired(now: Date, limit: number): Promise<readonly QuarantineItem[]>;
}

export interface PolicyRevision {
  /** First 16 hex digits of the SHA-256 of the source text. */
  readonly revision: string;
  readonly source: string;
  readonly format: "yaml" | "json";
  readonly by: string;
  readonly at: Date;
  /** Counts up; given by the store. */
  readonly number?: number;
}

export interface PolicySaving {
  /** Saves only while this revision (undefined: none) is the newest; leave out to save in any case. */
  readonly unless?: { readonly newestIsNot: string | undefined };
  /** Body of the `audit` event, written with it in one transaction. */
  readonly audit?: EventRecord["body"];
}

/** Chain of the events that concern the installation and no single tenant, such as a change of the policy. */
export const INSTALLATION = "installation";

export interface PolicyStore {
  current(): Promise<PolicyRevision | undefined>;
  /** False when somebody else saved another one meanwhile; nothing is written then. */
  save(revision: PolicyRevision, options?: PolicySaving): Promise<boolean>;
  /** Newest first; only those before the number, when one is given. */
  history(limit: number, before?: number): Promise<readonly PolicyRevision[]>;
  /** The newest entry with this revision. */
  find(revision: string): Promise<PolicyRevision | undefined>;
}

export interface EventStore {
  /** An administrator's change or a gap in coverage; verdicts, actions and quarantine write theirs themselves. */
  append(tenantId: string, kind: EventRecord["kind"], body: EventRecord["body"], now: Date): Promise<EventRecord>;
  /** In sequence order. */
  list(tenantId: string, after: number, limit: number): Promise<readonly EventRecord[]>;
  /** Those written in a window, in order of tenant and sequence, after a place. */
  window(
    filter: {
      readonly since: Date;
      readonly until: Date;
      readonly tenantId?: string;
      readonly kinds?: readonly EventRecord["kind"][];
    },
    after: { readonly tenantId: string; readonly sequence: number } | undefined,
    limit: number,
  ): Promise<readonly EventRecord[]>;
  /** Recomputes the chain of hashes of a tenant's events: the first sequence number that does not fit, or null. */
  verify(tenantId: string): Promise<{ readonly checked: number; readonly brokenAt: number | null }>;
  /** Removes events older than that, from the oldest on; what is left can still be verified. Returns how many went. */
  prune(before: Date): Promise<number>;
}

/** Named leases for work that one process at a time does: schedules, directory reading. */
export interface LeaseStore {
  /** Takes or renews: true when the lease is free, has run out or is held with the same token. */
  acquire(name: string, lease: Lease, now: Date): Promise<boolean>;
  release(name: string, token: string): Promise<void>;
  /** Forgets all leases: at the start of an embedded process, which is alone. */
  releaseAll(): Promise<void>;
}
