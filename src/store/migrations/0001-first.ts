/** Tables of the first release. Ids are text: those from outside are opaque, ours are UUIDv7. */
export const FIRST = `
create schema if not exists postern;

create table postern.schema_version (version int primary key, at timestamptz not null);

create table postern.tenants (
  id text primary key,
  provider text not null,
  external_id text not null,
  name text not null,
  mode text not null,
  mailboxes jsonb not null,
  stages jsonb not null,
  service_mailbox text,
  state text not null,
  checks jsonb not null,
  domains jsonb not null,
  sealed_settings text,
  created_at timestamptz not null,
  unique (provider, external_id)
);

create table postern.directory_mailboxes (
  tenant_id text not null references postern.tenants on delete cascade,
  address text not null,
  data jsonb not null,
  primary key (tenant_id, address)
);

create table postern.directory_groups (
  tenant_id text not null references postern.tenants on delete cascade,
  address text not null,
  data jsonb not null,
  primary key (tenant_id, address)
);

create table postern.sync_points (
  tenant_id text not null references postern.tenants on delete cascade,
  mailbox text not null,
  stage text not null,
  cursor text,
  since timestamptz not null,
  synced_at timestamptz,
  primary key (tenant_id, mailbox, stage)
);

create table postern.watches (
  tenant_id text not null references postern.tenants on delete cascade,
  mailbox text not null,
  stage text not null,
  watch_id text not null,
  secret_hash text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  primary key (tenant_id, mailbox, stage, watch_id)
);
create index watches_by_id on postern.watches (watch_id);

-- message_id is '' for a sync, so that the unique constraint sees it.
create table postern.inbox (
  id text primary key,
  tenant_id text not null,
  provider text not null,
  mailbox text not null,
  stage text not null,
  trigger text not null,
  kind text not null,
  message_id text not null,
  state text not null default 'pending',
  reason text,
  attempts int not null default 0,
  tries int not null default 0,
  accepted_at timestamptz not null,
  not_before timestamptz not null,
  finished_at timestamptz,
  again boolean not null default false,
  lease_token text,
  lease_until timestamptz,
  unique (tenant_id, mailbox, stage, kind, message_id)
);
create index inbox_pending on postern.inbox (accepted_at, id) where state = 'pending';
create index inbox_dead on postern.inbox (id) where state = 'dead';
create index inbox_accepted on postern.inbox (accepted_at) where kind = 'message';

create table postern.messages (
  id text primary key,
  tenant_id text not null,
  provider text not null,
  mailbox text not null,
  stage text not null,
  trigger text not null,
  provider_message_id text not null,
  identity text not null,
  internet_message_id text,
  sender text not null,
  subject text not null,
  scanned_at timestamptz not null,
  verdict text not null,
  status text not null,
  policy_revision text not null,
  recipients jsonb not null,
  findings jsonb not null,
  problems jsonb not null,
  monitored jsonb not null,
  evidence jsonb not null,
  unique (tenant_id, mailbox, stage, identity)
);
create index messages_newest on postern.messages (scanned_at desc, id desc);
create index messages_of_mailbox on postern.messages (mailbox, scanned_at desc, id desc);
create index messages_of_tenant on postern.messages (tenant_id, scanned_at desc, id desc);
create index messages_internet_id on postern.messages (internet_message_id);
create index messages_known on postern.messages (tenant_id, mailbox, provider_message_id) where stage = 'sent';
create index messages_incidents on postern.messages (scanned_at desc, id desc) where verdict <> 'allow';

create table postern.actions (
  id text primary key,
  message_id text not null references postern.messages on delete cascade,
  kind text not null,
  target text not null,
  step int not null,
  state text not null,
  reason text,
  attempts int not null default 0,
  at timestamptz not null,
  input jsonb not null,
  copies jsonb not null default '[]',
  not_before timestamptz not null,
  lease_token text,
  lease_until timestamptz
);
create index actions_of_message on postern.actions (message_id, step);
create index actions_planned on postern.actions (not_before) where state = 'planned';

create table postern.quarantine_items (
  id text primary key,
  message_id text not null unique references postern.messages on delete cascade,
  tenant_id text not null,
  vault_key text not null,
  sha256 text not null,
  expires_at timestamptz not null,
  final boolean not null,
  state text not null,
  sender text not null,
  recipients jsonb not null,
  subject text not null,
  history jsonb not null
);
create index quarantine_held on postern.quarantine_items (expires_at) where state = 'held';
create index quarantine_of_tenant on postern.quarantine_items (tenant_id, id);

create table postern.policy_revisions (
  number bigint generated always as identity primary key,
  revision text not null,
  source text not null,
  format text not null,
  by text not null,
  at timestamptz not null
);

-- The last number and hash of each tenant's events; its row lock makes writers of one tenant take turns.
create table postern.event_heads (
  tenant_id text primary key,
  sequence bigint not null,
  hash text not null
);

create table postern.events (
  tenant_id text not null,
  sequence bigint not null,
  id text not null unique,
  at timestamptz not null,
  kind text not null,
  body jsonb not null,
  hash text not null,
  primary key (tenant_id, sequence)
);

create table postern.leases (name text primary key, token text not null, until timestamptz not null);

create table postern.blobs (key text primary key, size bigint not null);

create table postern.blob_chunks (
  key text not null references postern.blobs on delete cascade,
  number int not null,
  data bytea not null,
  primary key (key, number)
);
-- Sealed content does not compress: store it as it is.
alter table postern.blob_chunks alter column data set storage external;
`;
