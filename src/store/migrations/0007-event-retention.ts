/** Where a tenant's chain begins after retention removed its oldest events: their last number, and its hash. */
export const EVENT_RETENTION = `
alter table postern.event_heads add column pruned bigint not null default 0, add column pruned_hash text not null default '';
`;
