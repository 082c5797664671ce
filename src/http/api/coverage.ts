import { z } from "zod";
import type { Clock } from "../../core/ports.ts";
import type { DirectoryStore, EventStore, SyncStore, TenantStore, WatchStore } from "../../core/store.ts";
import type { Tenant } from "../../core/tenant.ts";
import { readChosenMailboxes } from "../../intake/chosen-mailboxes.ts";
import { NOT_PERMITTED, TRACES } from "../../intake/traces.ts";
import { pageOf, paging } from "./paging.ts";
import { slice } from "./slice.ts";
import type { TypedServer } from "./typed-server.ts";

export interface CoverageRouteDependencies {
  readonly coverage: CoverageParts;
}

interface CoverageParts {
  readonly tenants: Pick<TenantStore, "list">;
  readonly directory: Pick<DirectoryStore, "mailboxes" | "groups">;
  readonly syncs: Pick<SyncStore, "list">;
  readonly watches: Pick<WatchStore, "list">;
  readonly events: Pick<EventStore, "window">;
  readonly clock: Clock;
}

/** A chosen mailbox that was not read for so long (ms) is behind. */
const BEHIND_MS = 15 * 60_000;
/** Gaps of this time (ms) are counted. */
const COUNTED_MS = 7 * 86_400_000;
const PAGE = 500;

const coverageSchema = z.object({
  id: z.string(),
  mailboxes: z.object({
    known: z.number().int(),
    chosen: z.number().int().describe("under watch by the tenant's settings, and usable"),
    registered: z.number().int().describe("of the chosen: with a push registration that stands"),
    behind: z.number().int().describe("of the chosen: not read from their cursors for 15 minutes"),
  }),
  readUntil: z.iso.datetime().nullable().describe("every chosen mailbox was read at least until then"),
  traces: z.object({
    state: z
      .enum(["compared", "not-permitted", "not-compared"])
      .describe("whether sent mail is compared with the provider's message traces"),
    until: z.iso.datetime().nullable(),
  }),
  gaps: z.record(z.string(), z.number().int()).describe("coverage events of seven days, by kind, such as `not-seen`"),
});

/** What of the sent mail is seen, and what is not. */
export function registerCoverage(server: TypedServer, { coverage }: CoverageRouteDependencies): void {
  server.get(
    "/api/v1/coverage",
    {
      schema: {
        querystring: z.object({ ...paging, tenant: z.string().optional() }),
        response: { 200: pageOf(coverageSchema) },
        tags: ["tenants"],
        summary: "How much of each tenant's sent mail is seen, and what was not",
      },
    },
    async (request) => {
      const { tenant } = request.query;
      const all = (await coverage.tenants.list()).filter(({ id }) => tenant === undefined || id === tenant);
      const { items, next } = slice(all, request.query);
      return { items: await Promise.all(items.map((each) => report(each, coverage))), next };
    },
  );
}

async function report(tenant: Tenant, dependencies: CoverageParts): Promise<z.input<typeof coverageSchema>> {
  const { id } = tenant;
  const now = dependencies.clock.now();
  const [known, chosen, points, watches] = await Promise.all([
    dependencies.directory.mailboxes(id),
    readChosenMailboxes(tenant, dependencies.directory),
    dependencies.syncs.list(id),
    dependencies.watches.list(id),
  ]);
  const read = new Map(points.map(({ mailbox, stage, syncedAt }) => [`${stage} ${mailbox}`, syncedAt?.getTime()]));
  const reads = chosen.map((mailbox) => read.get(`sent ${mailbox}`));
  const standing = new Set(watches.filter(({ expiresAt }) => expiresAt > now).map(({ mailbox }) => mailbox));
  const traces = points.find(({ mailbox }) => mailbox === TRACES);
  const oldest = Math.min(...reads.map((at) => at ?? Number.NaN));
  return {
    id,
    mailboxes: {
      known: known.length,
      chosen: chosen.length,
      registered: chosen.filter((mailbox) => standing.has(mailbox)).length,
      behind: reads.filter((at) => at === undefined || now.getTime() - at > BEHIND_MS).length,
    },
    readUntil: Number.isFinite(oldest) ? new Date(oldest).toISOString() : null,
    traces: {
      state: traces === undefined ? "not-compared" : traces.cursor === NOT_PERMITTED ? "not-permitted" : "compared",
      until: traces?.syncedAt ? traces.since.toISOString() : null,
    },
    gaps: await countGaps(id, now, dependencies),
  };
}

async function countGaps(tenantId: string, now: Date, { events }: CoverageParts): Promise<Record<string, number>> {
  const filter = { since: new Date(now.getTime() - COUNTED_MS), until: now, tenantId, kinds: ["coverage"] } as const;
  const counts: Record<string, number> = {};
  for (let sequence = 0; ; ) {
    const found = await events.window(filter, { tenantId, sequence }, PAGE);
    for (const { body } of found) {
      const what = String(body.what);
      counts[what] = (counts[what] ?? 0) + 1;
    }
    const last = found.at(-1);
    if (found.length < PAGE || last === undefined) return counts;
    sequence = last.sequence;
  }
}
