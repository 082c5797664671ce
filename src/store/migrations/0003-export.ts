/** Export jobs, their readings of the events, and what destinations would not take. */
export const EXPORT = `
create table postern.export_jobs (
  id text primary key,
  name text not null,
  dataset text not null,
  enabled boolean not null,
  tenant_id text,
  settings jsonb not null,
  sealed_destination text not null,
  shown_destination text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  batches bigint not null default 0,
  retries bigint not null default 0,
  parked bigint not null default 0,
  lines bigint not null default 0,
  bytes bigint not null default 0,
  last_complete timestamptz,
  last_error timestamptz,
  error_message text
);

create table postern.export_runs (
  id text primary key,
  job_id text not null references postern.export_jobs on delete cascade,
  kind text not null,
  since timestamptz,
  until timestamptz,
  state text not null,
  created_at timestamptz not null
);
create index export_runs_of_job on postern.export_runs (job_id, created_at);

-- first and last bound a backfill; null for the live run, which has no end.
create table postern.export_positions (
  run_id text not null references postern.export_runs on delete cascade,
  tenant_id text not null,
  first bigint,
  sequence bigint not null,
  last bigint,
  batch_end bigint,
  primary key (run_id, tenant_id)
);

create table postern.export_dead_letters (
  id text primary key,
  job_id text not null references postern.export_jobs on delete cascade,
  run_id text not null,
  tenant_id text not null,
  first_sequence bigint not null,
  last_sequence bigint not null,
  reason text not null,
  at timestamptz not null,
  retrying boolean not null default false
);
create index export_dead_letters_of_job on postern.export_dead_letters (job_id, at desc, id desc);
create index export_dead_letters_retrying on postern.export_dead_letters (run_id) where retrying;
`;
