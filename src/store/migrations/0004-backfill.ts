/** Scans of past mail: the windows, how far each mailbox has come, and the messages that wait or failed. */
export const BACKFILL = `
create table postern.backfills (
  id text primary key,
  tenant_id text not null,
  since timestamptz not null,
  until timestamptz not null,
  act boolean not null,
  again boolean not null,
  state text not null,
  reason text,
  created_at timestamptz not null,
  ended_at timestamptz,
  turn_at timestamptz not null
);
create index backfills_running on postern.backfills (turn_at) where state = 'running';

create table postern.backfill_mailboxes (
  backfill_id text not null references postern.backfills on delete cascade,
  mailbox text not null,
  state text not null,
  reason text,
  listed_to timestamptz not null,
  attempts int not null default 0,
  not_before timestamptz not null,
  turn_at timestamptz not null,
  lease_token text,
  lease_until timestamptz,
  listed int not null default 0,
  scanned int not null default 0,
  already int not null default 0,
  skipped int not null default 0,
  failed int not null default 0,
  findings int not null default 0,
  incidents int not null default 0,
  primary key (backfill_id, mailbox)
);
create index backfill_mailboxes_open on postern.backfill_mailboxes (backfill_id, turn_at) where state = 'open';

-- Finished ones are kept until the backfill ends, so that a message is taken up once only; failed ones for good.
create table postern.backfill_messages (
  backfill_id text not null references postern.backfills on delete cascade,
  mailbox text not null,
  message_id text not null,
  position bigint not null generated always as identity,
  state text not null,
  reason text,
  attempts int not null default 0,
  not_before timestamptz not null,
  at timestamptz not null,
  primary key (backfill_id, mailbox, message_id)
);
create index backfill_messages_waiting on postern.backfill_messages (backfill_id, mailbox, position)
  where state = 'waiting';
create index backfill_messages_failed on postern.backfill_messages (backfill_id, position) where state = 'failed';
`;
