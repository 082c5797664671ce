/** Simulations of policies over past mail; short-lived, so that another process can be asked about one. */
export const SIMULATIONS = `
create table postern.simulations (
  id text primary key,
  state text not null,
  reason text,
  created_at timestamptz not null,
  beat_at timestamptz not null,
  ended_at timestamptz,
  done int not null default 0,
  total int not null,
  result jsonb
);
`;
