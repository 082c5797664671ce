import { z } from "zod";
import { PosternError } from "../../core/errors.ts";
import { accepted, appliedSchema, BY_TOKEN, faultsSchema } from "./applied.ts";
import { pageOf, paging } from "./paging.ts";
import type { PolicyDependencies } from "./policy-access.ts";
import type { TypedServer } from "./typed-server.ts";

const entrySchema = z.object({
  revision: z.string(),
  number: z.number().int().describe("counts up"),
  by: z.string(),
  at: z.iso.datetime(),
  changes: z
    .array(
      z.object({
        kind: z.enum(["detector", "group", "rule", "scope", "general"]),
        name: z.string(),
        change: z.enum(["added", "removed", "changed"]),
        fields: z.array(z.string()).describe("what differs, for instance settings.dlp.enabled"),
      }),
    )
    .describe("against the entry before"),
});

export function registerPolicyHistory(server: TypedServer, { policies }: PolicyDependencies): void {
  server.get(
    "/api/v1/policy/history",
    {
      schema: {
        querystring: z.object(paging),
        response: { 200: pageOf(entrySchema) },
        tags: ["policy"],
        summary: "Every policy that was put into force: who, when, what changed; newest first",
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const entries = await policies.history(limit + 1, cursor === undefined ? undefined : numberOf(cursor));
      const shown = entries.slice(0, limit);
      const last = shown.at(-1);
      return {
        items: shown.map(({ at, changes, ...rest }) => ({
          ...rest,
          at: at.toISOString(),
          changes: changes.map((change) => ({ ...change, fields: [...change.fields] })),
        })),
        next: entries.length > limit && last ? String(last.number) : null,
      };
    },
  );
  server.get(
    "/api/v1/policy/revisions/:revision",
    {
      schema: {
        params: z.object({ revision: z.string().max(64) }),
        tags: ["policy"],
        summary: "The text of a policy of the past, as it was written",
      },
    },
    async (request, reply) => {
      const found = await policies.find(request.params.revision);
      if (!found) throw new PosternError("NOT_FOUND", "there is no such revision of the policy");
      return reply.header("etag", `"${found.revision}"`).type(`application/${found.format}`).send(found.source);
    },
  );
  server.post(
    "/api/v1/policy/rollback",
    {
      schema: {
        body: z.strictObject({ revision: z.string().max(64).optional() }).nullish(),
        response: { 200: appliedSchema, 422: faultsSchema },
        tags: ["policy"],
        summary: "Puts an earlier policy into force again: the named one, or the one before the running one",
      },
    },
    async (request, reply) => accepted(reply, await policies.rollback(request.body?.revision, BY_TOKEN)) ?? reply,
  );
}

function numberOf(cursor: string): number {
  const number = Number(cursor);
  if (Number.isInteger(number) && number > 0) return number;
  throw new PosternError("REQUEST_INVALID", "cursor is not valid");
}
