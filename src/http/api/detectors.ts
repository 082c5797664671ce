import { z } from "zod";
import type { Policy } from "../../core/policy.ts";
import { accepted, appliedSchema, BY_TOKEN, faultsSchema, missing, policyIdParams, writtenSchema } from "./applied.ts";
import { pageOf, paging } from "./paging.ts";
import { type PolicyDependencies, type Written, writtenPolicy } from "./policy-access.ts";
import { slice } from "./slice.ts";
import type { TypedServer } from "./typed-server.ts";

export interface DetectorRouteDependencies extends PolicyDependencies {
  /** What ships with Postern. */
  readonly builtInDetectors: readonly BuiltInView[];
}

export interface BuiltInView {
  readonly id: string;
  readonly description: string;
  /** Where format and algorithm are published. */
  readonly source: string;
  readonly validator: string | null;
  readonly mask: string;
  readonly context: readonly string[];
}

const detectorSchema = z.looseObject({
  id: z.string(),
  description: z.string(),
  builtIn: z.boolean().describe("ships with Postern: can be used, not changed"),
  usedBy: z.array(z.string()).describe("ids of rules, directly or through groups"),
});
type DetectorView = z.input<typeof detectorSchema>;
/** Fields of the answer that are no part of the written detector. */
const SHOWN_ONLY = ["builtIn", "usedBy", "source"];

export function registerDetectors(server: TypedServer, dependencies: DetectorRouteDependencies): void {
  const { policies } = dependencies;

  async function all(): Promise<readonly DetectorView[]> {
    const [{ policy }, written] = await Promise.all([policies.current(), writtenPolicy(dependencies)]);
    const usedBy = usesOf(policy);
    const show = (
      entry: { readonly id: string; readonly description?: unknown; readonly [field: string]: unknown },
      builtIn: boolean,
    ) => ({
      ...entry,
      description: String(entry.description ?? ""),
      builtIn,
      usedBy: usedBy(entry.id),
    });
    return [
      ...written.detectors.map((entry) => show(entry, false)),
      ...dependencies.builtInDetectors.map((entry) => show({ ...entry, context: [...entry.context] }, true)),
    ];
  }

  server.get(
    "/api/v1/detectors",
    {
      schema: {
        querystring: z.object({ ...paging, builtIn: z.stringbool().optional() }),
        response: { 200: pageOf(detectorSchema) },
        tags: ["policy"],
        summary: "Built-in detectors and the policy's own",
      },
    },
    async (request) => {
      const { builtIn } = request.query;
      const detectors = (await all()).filter((entry) => builtIn === undefined || entry.builtIn === builtIn);
      const { items, next } = slice(detectors, request.query);
      return { items: [...items], next };
    },
  );
  server.get(
    "/api/v1/detectors/:id",
    { schema: { params: policyIdParams, response: { 200: detectorSchema }, tags: ["policy"] } },
    async (request) => {
      const found = (await all()).find((entry) => entry.id === request.params.id);
      if (!found) throw missing("detector");
      return found;
    },
  );
  server.put(
    "/api/v1/detectors/:id",
    {
      schema: {
        params: policyIdParams,
        body: writtenSchema,
        response: { 200: appliedSchema, 422: faultsSchema },
        tags: ["policy"],
        summary: "Adds or replaces a detector of the policy; a rule must use it before it does anything",
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const value = withoutKeys(request.body, SHOWN_ONLY);
      const applied = await policies.edit(() => [{ kind: "put", list: "detectors", id, value }], BY_TOKEN);
      return accepted(reply, applied) ?? reply;
    },
  );
  server.delete(
    "/api/v1/detectors/:id",
    {
      schema: {
        params: policyIdParams,
        response: { 200: appliedSchema, 422: faultsSchema },
        tags: ["policy"],
        summary: "Removes a detector; 422 while a rule or a group uses it",
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (!has((await writtenPolicy(dependencies)).detectors, id)) throw missing("detector");
      return accepted(reply, await policies.edit(() => [{ kind: "remove", list: "detectors", id }], BY_TOKEN)) ?? reply;
    },
  );
}

/** Rules by the detectors that they count. */
function usesOf(policy: Policy): (detector: string) => string[] {
  const uses = new Map<string, Set<string>>();
  for (const rule of policy.rules)
    for (const id of rule.when.detectors.flatMap((condition) => condition.detectors))
      uses.set(id, (uses.get(id) ?? new Set()).add(rule.id));
  return (detector) => [...(uses.get(detector) ?? [])];
}

export function has(list: readonly Written[], id: string): boolean {
  return list.some((entry) => entry.id === id);
}

export function withoutKeys(
  value: Readonly<Record<string, unknown>>,
  keys: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}
