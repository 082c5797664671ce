import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { InboundPush, Metrics, ReadPush } from "../core/ports.ts";
import { acceptGmailHints, acceptGraphHints, type NotificationDependencies } from "../intake/notifications.ts";
import { document, sendProblem } from "./problem.ts";

/** Graph's validation tokens are a few hundred characters. */
const MOST_TOKEN_CHARACTERS = 2_048;

export interface PushTenant {
  readonly tenantId: string;
  /** Verifies the push as one for this tenant's subscription. */
  readonly read: (push: InboundPush) => Promise<ReadPush>;
}

export interface WebhookDependencies {
  readonly notifications: NotificationDependencies;
  readonly readGraphPush: (push: InboundPush) => ReadPush;
  /** Google tenants that are pushed to, and not polled. */
  readonly pushTenants: () => Promise<readonly PushTenant[]>;
  readonly isWatched: (tenantId: string, mailbox: string) => Promise<boolean>;
  readonly metrics: Metrics;
}

/**
 * The providers' entrances. 2xx means: durable. Content of a push is a hint only; whatever is wrong with one hint is
 * answered like the good ones, so that a prober learns nothing (threat T-01).
 */
export function registerWebhooks(server: FastifyInstance, dependencies: WebhookDependencies): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  server.addHook("onError", async (request, _reply, error) => {
    if (error.code !== "FST_ERR_CTP_BODY_TOO_LARGE") return;
    const provider = request.url.startsWith("/webhooks/google") ? "google" : "microsoft";
    dependencies.metrics.count("postern_notifications_refused_total", { reason: "too-large", provider });
  });
  server.post("/webhooks/microsoft", { schema: { hide: true } }, (request, reply) =>
    graph(request, reply, dependencies),
  );
  server.post("/webhooks/microsoft/lifecycle", { schema: { hide: true } }, (request, reply) =>
    graph(request, reply, dependencies),
  );
  server.post("/webhooks/google", { schema: { hide: true } }, (request, reply) => google(request, reply, dependencies));
}

async function graph(
  request: FastifyRequest,
  reply: FastifyReply,
  dependencies: WebhookDependencies,
): Promise<FastifyReply> {
  const token = (request.query as Readonly<Record<string, unknown>>).validationToken;
  if (typeof token === "string" && token.length <= MOST_TOKEN_CHARACTERS)
    return reply.code(200).type("text/plain; charset=utf-8").send(token);
  const read = dependencies.readGraphPush(inbound(request));
  if (!read.ok) return refuse(reply, "microsoft", read.reason, dependencies);
  await acceptGraphHints(read.hints, dependencies.notifications);
  return reply.code(202).send();
}

async function google(
  request: FastifyRequest,
  reply: FastifyReply,
  dependencies: WebhookDependencies,
): Promise<FastifyReply> {
  const push = inbound(request);
  for (const tenant of await dependencies.pushTenants()) {
    const read = await tenant.read(push);
    if (!read.ok) continue;
    const isWatched = (mailbox: string): Promise<boolean> => dependencies.isWatched(tenant.tenantId, mailbox);
    await acceptGmailHints(read.hints, tenant.tenantId, isWatched, dependencies.notifications);
    return reply.code(204).send();
  }
  dependencies.metrics.count("postern_notifications_refused_total", { reason: "push-not-verified" });
  return sendProblem(reply, document("FORBIDDEN", 403, "the push could not be verified"));
}

function refuse(reply: FastifyReply, provider: string, reason: string, { metrics }: WebhookDependencies): FastifyReply {
  metrics.count("postern_notifications_refused_total", { reason: "malformed", provider });
  return sendProblem(reply, document("REQUEST_INVALID", 400, reason));
}

function inbound(request: FastifyRequest): InboundPush {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
  );
  return { headers, body: Buffer.isBuffer(request.body) ? request.body : new Uint8Array() };
}
