import type { FastifyPluginAsync } from "fastify";
import { z } from "zod";
import { accepted, appliedSchema, BY_TOKEN, faultsSchema } from "./applied.ts";
import type { PolicyAccess, PolicyDependencies } from "./policy-access.ts";
import type { TypedServer } from "./typed-server.ts";

/** Where editors find what a policy may hold. */
export interface PolicyRouteDependencies extends PolicyDependencies {
  readonly policyJsonSchema: object;
}

export function registerPolicy(server: TypedServer, { policies, policyJsonSchema }: PolicyRouteDependencies): void {
  server.get("/api/policy.schema.json", { schema: { hide: true } }, async (_request, reply) =>
    reply.type("application/schema+json").send(policyJsonSchema),
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
function registerReplacement(server: TypedServer, policies: PolicyAccess): void {
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
        response: { 200: appliedSchema, 422: faultsSchema },
      },
    },
    async (request, reply) => {
      const format = request.headers["content-type"]?.includes("json") ? "json" : "yaml";
      return accepted(reply, await policies.apply(request.body, format, BY_TOKEN)) ?? reply;
    },
  );
}
