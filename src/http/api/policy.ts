import type { FastifyPluginAsync } from "fastify";
import { z } from "zod";
import type { ActivePolicy } from "../../pipeline/inspection.ts";
import type { PolicyFault } from "../../policy/load.ts";
import { document, sendProblem } from "../problem.ts";
import type { TypedServer } from "./typed-server.ts";

export type PolicyFormat = "yaml" | "json";
export type Applied =
  | { readonly ok: true; readonly revision: string; readonly warnings: readonly PolicyFault[] }
  | { readonly ok: false; readonly faults: readonly PolicyFault[] };

export interface PolicyRouteDependencies {
  readonly policies: {
    current(): Promise<ActivePolicy>;
    /** The running policy as a document. */
    show(format: PolicyFormat): Promise<string>;
    /** Checks and replaces; the running policy stays when there is a fault. */
    apply(source: string, format: PolicyFormat, by: string): Promise<Applied>;
    readonly jsonSchema: object;
  };
}

const faultSchema = z.object({
  line: z.number().int(),
  column: z.number().int(),
  path: z.string(),
  reason: z.string(),
});

export function registerPolicy(server: TypedServer, { policies }: PolicyRouteDependencies): void {
  server.get("/api/policy.schema.json", { schema: { hide: true } }, async (_request, reply) =>
    reply.type("application/schema+json").send(policies.jsonSchema),
  );
  server.get(
    "/api/v1/policy",
    { schema: { tags: ["policy"], summary: "The running policy; YAML when the Accept header asks for it" } },
    async (request, reply) => {
      const format = /yaml/.test(request.headers.accept ?? "") ? "yaml" : "json";
      const { revision } = await policies.current();
      return reply
        .header("etag", `"${revision}"`)
        .type(`application/${format}`)
        .send(await policies.show(format));
    },
  );
  const replacement: FastifyPluginAsync = async (scope) => registerReplacement(scope as TypedServer, policies);
  void server.register(replacement);
}

/** Both formats arrive as their text, so that faults have the line and column that the writer sees. */
function registerReplacement(server: TypedServer, policies: PolicyRouteDependencies["policies"]): void {
  server.removeContentTypeParser("application/json");
  server.addContentTypeParser(
    ["application/json", "application/yaml", "application/x-yaml", "text/yaml"],
    { parseAs: "string" },
    (_request, body, done) => done(null, body),
  );
  server.put(
    "/api/v1/policy",
    {
      schema: {
        tags: ["policy"],
        summary: "Replaces the running policy; 422 lists every fault with its place",
        consumes: ["application/yaml", "application/json"],
        body: z.string(),
        response: { 200: z.object({ revision: z.string(), warnings: z.array(faultSchema) }), 422: z.looseObject({}) },
      },
    },
    async (request, reply) => {
      const format = request.headers["content-type"]?.includes("json") ? "json" : "yaml";
      const applied = await policies.apply(request.body, format, "admin-token");
      if (applied.ok) return { revision: applied.revision, warnings: [...applied.warnings] };
      return sendProblem(
        reply,
        document("POLICY_INVALID", 422, "the policy has faults; the running one stays", { faults: applied.faults }),
      );
    },
  );
}
