import type { FastifyInstance, FastifyRequest } from "fastify";
import { type EventStore, INSTALLATION } from "../../core/store.ts";
import { BY_TOKEN } from "./applied.ts";

interface Change {
  readonly change: string;
  readonly resource: string;
}

/** Administrators' changes that do not write their event themselves (a policy does), by method and route. */
const CHANGES: Readonly<Record<string, Change>> = {
  "POST /api/v1/tenants": { change: "tenant-connected", resource: "tenant" },
  "DELETE /api/v1/tenants/:id": { change: "tenant-disconnected", resource: "tenant" },
  "POST /api/v1/tenants/:id/live-check": { change: "tenant-tested", resource: "tenant" },
  "POST /api/v1/backfills": { change: "backfill-created", resource: "backfill" },
  "POST /api/v1/backfills/:id/pause": { change: "backfill-paused", resource: "backfill" },
  "POST /api/v1/backfills/:id/resume": { change: "backfill-resumed", resource: "backfill" },
  "POST /api/v1/backfills/:id/cancel": { change: "backfill-cancelled", resource: "backfill" },
  "POST /api/v1/export-jobs": { change: "export-job-created", resource: "export-job" },
  "PATCH /api/v1/export-jobs/:id": { change: "export-job-changed", resource: "export-job" },
  "DELETE /api/v1/export-jobs/:id": { change: "export-job-deleted", resource: "export-job" },
  "POST /api/v1/export-jobs/:id/backfill": { change: "export-backfill-created", resource: "export-job" },
  "POST /api/v1/export-jobs/:id/backfill/:run/cancel": { change: "export-backfill-cancelled", resource: "export-job" },
  "POST /api/v1/export-jobs/:id/backfill/:run/resume": { change: "export-backfill-resumed", resource: "export-job" },
  "POST /api/v1/export-jobs/:id/dead-letters/:letter/retry": {
    change: "export-dead-letter-retried",
    resource: "export-job",
  },
  "POST /api/v1/dead-letters/:id/retry": { change: "dead-letter-retried", resource: "dead-letter" },
};

/** Writes an event for each change before it is answered: an answer means that the trail has it. */
export function keepAuditTrail(server: FastifyInstance, events: Pick<EventStore, "append">): void {
  server.addHook("onSend", async (request, reply, payload) => {
    const change = CHANGES[`${request.method} ${request.routeOptions.url ?? ""}`];
    if (change === undefined || reply.statusCode >= 300) return;
    const resourceId = idOf(request, payload);
    const body = { ...change, by: BY_TOKEN, ...(resourceId === undefined ? {} : { resourceId }) };
    await events.append(INSTALLATION, "audit", body, new Date());
  });
}

/** From the path, or of what was created. */
function idOf(request: FastifyRequest, payload: unknown): string | undefined {
  const { id } = request.params as { readonly id?: string };
  if (id !== undefined) return id;
  if (typeof payload !== "string") return undefined;
  const { id: created } = JSON.parse(payload) as { readonly id?: unknown };
  return typeof created === "string" ? created : undefined;
}
