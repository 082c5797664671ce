import { z } from "zod";
import type { Backfill, BackfillState, BackfillStore } from "../../core/backfill.ts";
import { PosternError } from "../../core/errors.ts";
import type { BackfillRequest } from "../../intake/backfill-start.ts";
import {
  backfillFailureSchema,
  backfillMailboxSchema,
  backfillSchema,
  backfillState,
  showBackfill,
  showBackfillFailure,
  showBackfillMailbox,
} from "./backfill-record.ts";
import { defined, pageOf, pageRequest, paging } from "./paging.ts";
import { time } from "./times.ts";
import type { TypedServer } from "./typed-server.ts";

/** Mailboxes that one request may name; `all` has no limit. */
const MOST_MAILBOXES = 5_000;

export interface BackfillRouteDependencies {
  readonly backfills: Pick<BackfillStore, "get" | "list" | "mailboxes" | "failures" | "change">;
  readonly startBackfill: (request: BackfillRequest) => Promise<Backfill>;
  readonly now: () => Date;
}

const idParams = z.object({ id: z.string().max(200) });
const listQuery = z.object({ ...paging, tenant: z.string().max(200).optional(), state: backfillState.optional() });
const bodySchema = z.strictObject({
  tenant: z.string().min(1).max(200).describe("id"),
  since: time().describe("inclusive"),
  until: time().optional().describe("exclusive; now when left out, and at the latest"),
  mailboxes: z
    .union([z.literal("all"), z.array(z.string().min(1).max(320)).min(1).max(MOST_MAILBOXES)])
    .default("all")
    .describe("addresses or aliases of mailboxes under watch"),
  act: z.boolean().default(false).describe("act on what is found; otherwise verdicts are recorded and nothing is done"),
  again: z.boolean().default(false).describe("decide anew what was decided under another policy revision"),
});

/** From which states a verb leads where. */
const TURNS: Readonly<
  Record<string, { readonly from: readonly BackfillState[]; readonly to: Exclude<BackfillState, "done"> }>
> = {
  pause: { from: ["running"], to: "paused" },
  resume: { from: ["paused"], to: "running" },
  cancel: { from: ["running", "paused"], to: "cancelled" },
};

/** Scans of past sent mail. */
export function registerBackfills(server: TypedServer, dependencies: BackfillRouteDependencies): void {
  const { backfills } = dependencies;
  async function existing(id: string): Promise<Backfill> {
    const backfill = await backfills.get(id);
    if (!backfill) throw new PosternError("NOT_FOUND", "there is no such backfill");
    return backfill;
  }
  const tags = ["backfills"];

  server.post(
    "/api/v1/backfills",
    {
      schema: {
        body: bodySchema,
        response: { 201: backfillSchema },
        tags,
        summary: "Scans the sent mail of a past window, after all live mail; acts only when asked to",
      },
    },
    async (request, reply) => {
      const { mailboxes, until, ...rest } = request.body;
      const chosen = mailboxes === "all" ? undefined : mailboxes;
      const made = await dependencies.startBackfill({ ...rest, ...defined({ until, mailboxes: chosen }) });
      return reply.code(201).send(showBackfill(made));
    },
  );
  server.get(
    "/api/v1/backfills",
    {
      schema: { querystring: listQuery, response: { 200: pageOf(backfillSchema) }, tags, summary: "Newest first" },
    },
    async (request) => {
      const { tenant, state } = request.query;
      const page = await backfills.list(defined({ tenant, state }), pageRequest(request.query));
      return { items: page.items.map(showBackfill), next: page.next };
    },
  );
  server.get(
    "/api/v1/backfills/:id",
    { schema: { params: idParams, response: { 200: backfillSchema }, tags, summary: "State and counts" } },
    async (request) => showBackfill(await existing(request.params.id)),
  );
  const lists = { params: idParams, querystring: z.object(paging) };
  server.get(
    "/api/v1/backfills/:id/mailboxes",
    { schema: { ...lists, response: { 200: pageOf(backfillMailboxSchema) }, tags, summary: "How far each has come" } },
    async (request) => {
      const { id } = await existing(request.params.id);
      const page = await backfills.mailboxes(id, pageRequest(request.query));
      return { items: page.items.map(showBackfillMailbox), next: page.next };
    },
  );
  server.get(
    "/api/v1/backfills/:id/failures",
    {
      schema: {
        ...lists,
        response: { 200: pageOf(backfillFailureSchema) },
        tags,
        summary: "Messages that could not be read",
      },
    },
    async (request) => {
      const { id } = await existing(request.params.id);
      const page = await backfills.failures(id, pageRequest(request.query));
      return { items: page.items.map(showBackfillFailure), next: page.next };
    },
  );
  for (const [verb, { from, to }] of Object.entries(TURNS))
    server.post(
      `/api/v1/backfills/:id/${verb}`,
      { schema: { params: idParams, response: { 200: backfillSchema }, tags } },
      async (request) => {
        const { id } = request.params;
        const { state } = await existing(id);
        if (!(await backfills.change(id, from, to, null, dependencies.now())))
          throw new PosternError("CONFLICT", `the backfill is ${state}, not ${from.join(" or ")}`, {
            details: { state },
          });
        return showBackfill(await existing(id));
      },
    );
}
