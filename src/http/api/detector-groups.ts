import { z } from "zod";
import { accepted, appliedSchema, BY_TOKEN, faultsSchema, missing, policyIdParams, writtenSchema } from "./applied.ts";
import { has, withoutKeys } from "./detectors.ts";
import { pageOf, paging } from "./paging.ts";
import { type PolicyDependencies, writtenPolicy } from "./policy-access.ts";
import { slice } from "./slice.ts";
import type { TypedServer } from "./typed-server.ts";

const groupSchema = z.object({
  id: z.string(),
  detectors: z.array(z.string()).describe("ids of detectors or of other groups"),
  builtIn: z.boolean(),
});

export interface DetectorGroupRouteDependencies extends PolicyDependencies {
  /** Groups that every policy can name. */
  readonly builtInGroups: ReadonlyMap<string, readonly string[]>;
}

export function registerDetectorGroups(server: TypedServer, dependencies: DetectorGroupRouteDependencies): void {
  const { policies, builtInGroups } = dependencies;

  server.get(
    "/api/v1/detector-groups",
    {
      schema: { querystring: z.object(paging), response: { 200: pageOf(groupSchema) }, tags: ["policy"] },
    },
    async (request) => {
      const { groups } = await writtenPolicy(dependencies);
      const all = [
        ...groups.map(({ id, detectors }) => ({ id, detectors: [...detectors], builtIn: false })),
        ...[...builtInGroups].map(([id, detectors]) => ({ id, detectors: [...detectors], builtIn: true })),
      ];
      const { items, next } = slice(all, request.query);
      return { items: [...items], next };
    },
  );
  server.put(
    "/api/v1/detector-groups/:id",
    {
      schema: {
        params: policyIdParams,
        body: writtenSchema,
        response: { 200: appliedSchema, 422: faultsSchema },
        tags: ["policy"],
        summary: "Adds or replaces a group; it holds in every rule that uses it, from the next message on",
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const value = withoutKeys(request.body, ["builtIn"]);
      return (
        accepted(reply, await policies.edit(() => [{ kind: "put", list: "groups", id, value }], BY_TOKEN)) ?? reply
      );
    },
  );
  server.delete(
    "/api/v1/detector-groups/:id",
    {
      schema: {
        params: policyIdParams,
        response: { 200: appliedSchema, 422: faultsSchema },
        tags: ["policy"],
        summary: "Removes a group; 422 while something uses it",
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (!has((await writtenPolicy(dependencies)).groups, id)) throw missing("detector group");
      return accepted(reply, await policies.edit(() => [{ kind: "remove", list: "groups", id }], BY_TOKEN)) ?? reply;
    },
  );
}
