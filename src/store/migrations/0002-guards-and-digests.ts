/** What the runaway guard counts, and the notices that wait for a digest. */
export const GUARDS_AND_DIGESTS = `
create table postern.rule_guards (
  rule text primary key,
  paused_at timestamptz,
  paused_limit int
);

-- Messages on which a rule acted, by minute; older than an hour they are gone.
create table postern.rule_activity (
  rule text not null,
  minute timestamptz not null,
  messages int not null,
  primary key (rule, minute)
);

create table postern.notices (
  action_id text primary key,
  tenant_id text not null,
  person text not null,
  message_id text not null references postern.messages on delete cascade,
  occasion text not null,
  at timestamptz not null,
  state text not null,
  due_at timestamptz,
  digest_id text
);
create index notices_of_person on postern.notices (tenant_id, person, at);
create index notices_waiting on postern.notices (due_at) where state = 'waiting';
create index notices_of_digest on postern.notices (digest_id) where digest_id is not null;
`;
