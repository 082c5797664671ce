import type { ColumnType, Generated } from "kysely";
import type { ActionKind, ActionState, CopyLocation } from "../core/action.ts";
import type { Finding, FindingSummary } from "../core/finding.ts";
import type { KnownDataKind } from "../core/known-data.ts";
import type { Provider, Stage, Trigger } from "../core/message.ts";
import type { Problem } from "../core/part.ts";
import type { EventRecord, MessageRecord, QuarantineState, ScanStatus } from "../core/records.ts";
import type { SimulationState } from "../core/simulation.ts";
import type { InboxItem } from "../core/store.ts";
import type { DirectoryGroup, DirectoryMailbox, TenantCheck, TenantMode, TenantState } from "../core/tenant.ts";
import type { RecipientVerdict, Verdict } from "../core/verdict.ts";
import type { BackfillTables } from "./backfill-tables.ts";
import type { ExportTables } from "./export-tables.ts";

/** Parsed when read; written as text that `toJson` made. */
type Json<Value> = ColumnType<Value, string, string>;
/** node-postgres gives 64-bit numbers as text, PGlite as numbers. */
type BigInteger = ColumnType<string | number, number, number>;

/** The schema `postern` as the migrations leave it. */
export interface Tables extends BackfillTables, ExportTables {
  readonly tenants: TenantsTable;
  readonly directory_mailboxes: DirectoryTable<DirectoryMailbox>;
  readonly directory_groups: DirectoryTable<DirectoryGroup>;
  readonly sync_points: SyncPointsTable;
  readonly watches: WatchesTable;
  readonly inbox: InboxTable;
  readonly messages: MessagesTable;
  readonly actions: ActionsTable;
  readonly quarantine_items: QuarantineTable;
  readonly policy_revisions: PolicyRevisionsTable;
  readonly event_heads: EventHeadsTable;
  readonly events: EventsTable;
  readonly leases: { name: string; token: string; until: Date };
  readonly rule_guards: RuleGuardsTable;
  readonly rule_activity: { rule: string; minute: Date; messages: number };
  readonly notices: NoticesTable;
  readonly simulations: SimulationsTable;
  readonly known_data: KnownDataTable;
  readonly blobs: { key: string; size: BigInteger };
  readonly blob_chunks: { key: string; number: number; data: Uint8Array };
}

export interface KnownDataTable {
  kind: KnownDataKind;
  name: string;
  document: string;
  size: number;
  bytes: number;
  revision: string;
  blob: string;
  at: Date;
}

export interface TenantsTable {
  id: string;
  provider: "microsoft" | "google";
  external_id: string;
  name: string;
  mode: TenantMode;
  mailboxes: Json<"all" | readonly string[]>;
  stages: Json<readonly Stage[]>;
  service_mailbox: string | null;
  state: TenantState;
  checks: Json<readonly TenantCheck[]>;
  domains: Json<readonly string[]>;
  sealed_settings: string | null;
  created_at: Date;
}

interface DirectoryTable<Entry> {
  tenant_id: string;
  address: string;
  data: Json<Entry>;
}

export interface SyncPointsTable {
  tenant_id: string;
  mailbox: string;
  stage: Stage;
  cursor: string | null;
  since: Date;
  synced_at: Date | null;
}

export interface WatchesTable {
  tenant_id: string;
  mailbox: string;
  stage: Stage;
  watch_id: string;
  secret_hash: string;
  expires_at: Date;
  created_at: Date;
}

export interface InboxTable {
  id: string;
  tenant_id: string;
  provider: Provider;
  mailbox: string;
  stage: Stage;
  trigger: Trigger;
  kind: InboxItem["kind"];
  message_id: string;
  state: Generated<InboxItem["state"]>;
  reason: string | null;
  attempts: Generated<number>;
  tries: Generated<number>;
  accepted_at: Date;
  not_before: Date;
  finished_at: Date | null;
  again: Generated<boolean>;
  lease_token: string | null;
  lease_until: Date | null;
}

export interface MessagesTable {
  id: string;
  tenant_id: string;
  provider: Provider;
  mailbox: string;
  stage: Stage;
  trigger: Trigger;
  provider_message_id: string;
  identity: string;
  internet_message_id: string | null;
  sender: string;
  subject: string;
  scanned_at: Date;
  verdict: Verdict;
  status: ScanStatus;
  policy_revision: string;
  recipients: Json<readonly RecipientVerdict[]>;
  findings: Json<readonly FindingSummary[]>;
  problems: Json<readonly Problem[]>;
  monitored: Json<MessageRecord["monitored"]>;
  evidence: Json<readonly Finding[]>;
}

export interface ActionsTable {
  id: string;
  message_id: string;
  kind: ActionKind;
  target: string;
  step: number;
  state: ActionState;
  reason: string | null;
  attempts: Generated<number>;
  at: Date;
  input: Json<Readonly<Record<string, unknown>>>;
  copies: ColumnType<readonly CopyLocation[], string | undefined, string>;
  not_before: Date;
  lease_token: string | null;
  lease_until: Date | null;
}

/** As JSON holds a `QuarantineTransition`. */
export interface StoredTransition {
  readonly state: QuarantineState;
  readonly by: string;
  readonly at: string;
  readonly reason: string | null;
}

export interface QuarantineTable {
  id: string;
  message_id: string;
  tenant_id: string;
  vault_key: string;
  sha256: string;
  expires_at: Date;
  final: boolean;
  state: QuarantineState;
  sender: string;
  recipients: Json<readonly string[]>;
  subject: string;
  history: Json<readonly StoredTransition[]>;
}

export interface PolicyRevisionsTable {
  number: Generated<number>;
  revision: string;
  source: string;
  format: "yaml" | "json";
  by: string;
  at: Date;
}

export interface EventHeadsTable {
  tenant_id: string;
  sequence: BigInteger;
  hash: string;
  pruned: Generated<BigInteger>;
  pruned_hash: Generated<string>;
}

export interface EventsTable {
  tenant_id: string;
  sequence: BigInteger;
  id: string;
  at: Date;
  kind: EventRecord["kind"];
  body: Json<EventRecord["body"]>;
  hash: string;
}

export interface RuleGuardsTable {
  rule: string;
  paused_at: Date | null;
  paused_limit: number | null;
}

export interface NoticesTable {
  action_id: string;
  tenant_id: string;
  person: string;
  message_id: string;
  occasion: string;
  at: Date;
  state: "sent" | "waiting" | "digested";
  due_at: Date | null;
  digest_id: string | null;
}

export interface SimulationsTable {
  id: string;
  state: SimulationState;
  reason: string | null;
  created_at: Date;
  beat_at: Date;
  ended_at: Date | null;
  done: Generated<number>;
  total: number;
  result: ColumnType<unknown, string | null | undefined, string | null>;
}
