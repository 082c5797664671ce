import { z } from "zod";
import { PosternError } from "../../core/errors.ts";
import { DATASETS } from "../../core/export.ts";
import type { EventRecord } from "../../core/records.ts";
import type { EventStore } from "../../core/store.ts";
import { kindsOf } from "../../export/datasets.ts";
import { defined, pageOf, paging } from "./paging.ts";
import { time } from "./times.ts";
import type { TypedServer } from "./typed-server.ts";

export interface AuditRouteDependencies {
  readonly events: Pick<EventStore, "window" | "append" | "verify">;
}

const eventSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  sequence: z.number().int(),
  at: z.iso.datetime(),
  kind: z.enum(["verdict", "action", "quarantine", "audit", "coverage"]),
  body: z.record(z.string(), z.unknown()),
  hash: z.string().describe("SHA-256 over the hash before it and this event"),
});

const window = {
  ...paging,
  tenant: z.string().optional(),
  since: time().default(new Date(0)),
  until: time().optional().describe("exclusive; now when absent"),
};

interface Query {
  readonly tenant?: string | undefined;
  readonly since: Date;
  readonly until?: Date | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** The events themselves, by tenant and sequence; `postern export` reads them. `/audit` is the part about administrators. */
export function registerAudit(server: TypedServer, { events }: AuditRouteDependencies): void {
  async function page(query: Query, kinds: readonly EventRecord["kind"][] | undefined) {
    const filter = {
      since: query.since,
      until: query.until ?? new Date(Date.now() + 1),
      ...defined({ tenantId: query.tenant, kinds }),
    };
    const found = await events.window(filter, placeOf(query.cursor), query.limit + 1);
    const items = found.slice(0, query.limit);
    const last = items.at(-1);
    return { items: items.map(show), next: found.length > query.limit && last ? cursorOf(last) : null };
  }

  server.get(
    "/api/v1/events",
    {
      schema: {
        querystring: z.object({ ...window, dataset: z.enum(DATASETS).optional() }),
        response: { 200: pageOf(eventSchema) },
        tags: ["export"],
        summary: "Everything that happened, by tenant and sequence",
      },
    },
    async (request) => page(request.query, request.query.dataset && kindsOf(request.query.dataset)),
  );
  server.get(
    "/api/v1/audit",
    {
      schema: {
        querystring: z.object(window),
        response: { 200: pageOf(eventSchema) },
        tags: ["export"],
        summary: "Administrators' changes and gaps in coverage",
      },
    },
    async (request) => page(request.query, kindsOf("audit_logs")),
  );
  server.get(
    "/api/v1/audit/verify",
    {
      schema: {
        querystring: z.object({ tenant: z.string() }),
        response: { 200: z.object({ checked: z.number().int(), brokenAt: z.number().int().nullable() }) },
        tags: ["export"],
        summary: "Recomputes the chain of a tenant's events: the first that does not fit, or null",
      },
    },
    async (request) => events.verify(request.query.tenant),
  );
}

function show(event: EventRecord): z.input<typeof eventSchema> {
  const { tenantId, at, body, ...rest } = event;
  return { ...rest, tenant: tenantId, at: at.toISOString(), body: { ...body } };
}

function cursorOf({ tenantId, sequence }: EventRecord): string {
  return Buffer.from(`${sequence}.${tenantId}`).toString("base64url");
}

function placeOf(cursor: string | undefined): { readonly tenantId: string; readonly sequence: number } | undefined {
  if (cursor === undefined) return undefined;
  const [, sequence, tenantId] = /^(\d{1,15})\.(.+)$/.exec(Buffer.from(cursor, "base64url").toString("utf8")) ?? [];
  if (sequence === undefined || tenantId === undefined)
    throw new PosternError("REQUEST_INVALID", "cursor is not valid");
  return { tenantId, sequence: Number(sequence) };
}
