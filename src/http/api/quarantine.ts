import { z } from "zod";
import { PosternError } from "../../core/errors.ts";
import type { QuarantineItem } from "../../core/records.ts";
import type { QuarantineStore } from "../../core/store.ts";
import type { Decision } from "../../quarantine/decide.ts";
import { defined, pageOf, pageRequest, paging } from "./paging.ts";
import { quarantineSchema, showQuarantine } from "./records.ts";
import type { TypedServer } from "./typed-server.ts";

export interface QuarantineRouteDependencies {
  readonly quarantine: Pick<QuarantineStore, "get" | "list">;
  readonly decide: {
    readonly release: (id: string, decision: Decision) => Promise<QuarantineItem>;
    readonly remove: (id: string, decision: Decision) => Promise<QuarantineItem>;
  };
}

const idParams = z.object({ id: z.string().max(200) });
const decisionBody = z
  .object({ reason: z.string().trim().min(1).max(2_000).optional() })
  .nullish()
  .describe("why, for the audit log");
/** The bearer token is one automation, not a person. */
const BY_TOKEN = "admin-token";

export function registerQuarantine(server: TypedServer, { quarantine, decide }: QuarantineRouteDependencies): void {
  const listQuery = z.object({
    ...paging,
    tenant: z.string().optional(),
    state: z.enum(["held", "released", "deleted", "expired"]).optional(),
  });
  server.get(
    "/api/v1/quarantine",
    { schema: { querystring: listQuery, response: { 200: pageOf(quarantineSchema) }, tags: ["quarantine"] } },
    async (request) => {
      const { tenant, state } = request.query;
      const page = await quarantine.list(defined({ tenant, state }), pageRequest(request.query));
      return { items: page.items.map(showQuarantine), next: page.next };
    },
  );
  server.get(
    "/api/v1/quarantine/:id",
    { schema: { params: idParams, response: { 200: quarantineSchema }, tags: ["quarantine"] } },
    async (request) => {
      const item = await quarantine.get(request.params.id);
      if (!item) throw new PosternError("NOT_FOUND", "there is no such quarantined message");
      return showQuarantine(item);
    },
  );
  const verdicts = { release: decide.release, delete: decide.remove } as const;
  for (const [verb, perform] of Object.entries(verdicts)) {
    server.post(
      `/api/v1/quarantine/:id/${verb}`,
      {
        schema: {
          params: idParams,
          body: decisionBody,
          response: { 200: quarantineSchema },
          tags: ["quarantine"],
          summary: `${verb}; 409 with the present state when somebody was faster`,
        },
      },
      async (request) => {
        const decision = { by: BY_TOKEN, reason: request.body?.reason ?? null };
        return showQuarantine(await perform(request.params.id, decision));
      },
    );
  }
}
