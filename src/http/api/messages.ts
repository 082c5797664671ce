import { z } from "zod";
import { PosternError } from "../../core/errors.ts";
import type { MessageRecord } from "../../core/records.ts";
import type { InboxStore, MessageFilter, MessageStore, Page } from "../../core/store.ts";
import { defined, pageOf, pageRequest, paging } from "./paging.ts";
import { messageSchema, showMessage, stageSchema, verdictSchema } from "./records.ts";
import { time } from "./times.ts";
import type { TypedServer } from "./typed-server.ts";

export interface MessageRouteDependencies {
  readonly messages: Pick<MessageStore, "get" | "list">;
  readonly inbox: Pick<InboxStore, "ledger" | "dead" | "retryDead">;
}

const listQuery = z.object({
  ...paging,
  tenant: z.string().optional(),
  mailbox: z.string().toLowerCase().optional(),
  internetMessageId: z.string().optional(),
  verdict: verdictSchema.optional(),
  stage: stageSchema.optional(),
  since: time().optional().describe("of `scannedAt`"),
  until: time().optional(),
});
const idParams = z.object({ id: z.string().max(200) });
const messagePage = pageOf(messageSchema);

export function registerMessages(server: TypedServer, { messages, inbox }: MessageRouteDependencies): void {
  async function list(query: z.output<typeof listQuery>, incidentsOnly: boolean): Promise<z.input<typeof messagePage>> {
    const { cursor: _cursor, limit: _limit, ...asked } = query;
    const filter: MessageFilter = { ...defined(asked), incidentsOnly };
    const page: Page<MessageRecord> = await messages.list(filter, pageRequest(query));
    return { items: page.items.map(showMessage), next: page.next };
  }
  async function one(id: string): Promise<MessageRecord> {
    const record = await messages.get(id);
    if (!record) throw new PosternError("NOT_FOUND", "there is no such message");
    return record;
  }

  const lists = { querystring: listQuery, response: { 200: messagePage } };
  server.get(
    "/api/v1/messages",
    { schema: { ...lists, tags: ["messages"], summary: "Every scanned message, newest first" } },
    (request) => list(request.query, false),
  );
  server.get(
    "/api/v1/incidents",
    { schema: { ...lists, tags: ["messages"], summary: "Messages whose verdict is stricter than allow" } },
    (request) => list(request.query, true),
  );
  const single = { params: idParams, response: { 200: messageSchema } };
  server.get("/api/v1/messages/:id", { schema: { ...single, tags: ["messages"] } }, async (request) =>
    showMessage(await one(request.params.id)),
  );
  server.get("/api/v1/incidents/:id", { schema: { ...single, tags: ["messages"] } }, async (request) => {
    const record = await one(request.params.id);
    if (record.verdict === "allow") throw new PosternError("NOT_FOUND", "the message is no incident");
    return showMessage(record);
  });

  registerLedger(server, inbox);
}

const ledgerSchema = z.object({
  accepted: z.number().int(),
  verdicts: z.number().int(),
  pending: z.number().int(),
  dead: z.number().int(),
  missing: z.number().int(),
  skipped: z.number().int(),
});

const deadLetterSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  mailbox: z.string(),
  stage: stageSchema,
  providerMessageId: z.string().nullable(),
  reason: z.string().nullable(),
  attempts: z.number().int(),
  acceptedAt: z.iso.datetime(),
});

function registerLedger(server: TypedServer, inbox: MessageRouteDependencies["inbox"]): void {
  const query = z.object({
    tenant: z.string().optional(),
    since: time().optional(),
    until: time().optional(),
  });
  server.get(
    "/api/v1/ledger",
    {
      schema: {
        querystring: query,
        response: { 200: ledgerSchema },
        tags: ["operations"],
        summary: "accepted = the sum of the rest",
      },
    },
    (request) => {
      const { tenant, ...window } = request.query;
      return inbox.ledger(defined({ ...window, tenantId: tenant }));
    },
  );
  server.get(
    "/api/v1/dead-letters",
    { schema: { querystring: z.object(paging), response: { 200: pageOf(deadLetterSchema) }, tags: ["operations"] } },
    async (request) => {
      const page = await inbox.dead(pageRequest(request.query));
      return {
        items: page.items.map(({ id, tenantId, mailbox, stage, messageId, reason, attempts, acceptedAt }) => ({
          id,
          tenant: tenantId,
          mailbox,
          stage,
          providerMessageId: messageId,
          reason,
          attempts,
          acceptedAt: acceptedAt.toISOString(),
        })),
        next: page.next,
      };
    },
  );
  server.post(
    "/api/v1/dead-letters/:id/retry",
    { schema: { params: idParams, response: { 202: z.object({ id: z.string() }) }, tags: ["operations"] } },
    async (request, reply) => {
      if (!(await inbox.retryDead(request.params.id, new Date())))
        throw new PosternError("NOT_FOUND", "there is no such dead letter");
      return reply.code(202).send({ id: request.params.id });
    },
  );
}
