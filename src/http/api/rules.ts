import { z } from "zod";
import type { Policy } from "../../core/policy.ts";
import type { RulePause } from "../../core/rule-guard.ts";
import type { PolicyEdit } from "../../policy/edit.ts";
import { accepted, appliedSchema, BY_TOKEN, faultsSchema, missing, policyIdParams, writtenSchema } from "./applied.ts";
import { has, withoutKeys } from "./detectors.ts";
import { pageOf, paging } from "./paging.ts";
import { type PolicyDependencies, type Written, writtenPolicy } from "./policy-access.ts";
import { slice } from "./slice.ts";
import type { TypedServer } from "./typed-server.ts";

export interface RuleRouteDependencies extends PolicyDependencies {
  readonly pauses: {
    list(): Promise<readonly RulePause[]>;
    /** Lets a paused rule act again; false when it was not paused. */
    resume(rule: string, by: string): Promise<boolean>;
  };
}

const ruleSchema = z.looseObject({
  id: z.string(),
  description: z.string(),
  action: z.enum(["warn", "must-encrypt", "quarantine", "block"]),
  selectedIn: z.array(z.string()).describe("scopes whose own selection names the rule"),
  paused: z
    .object({ since: z.iso.datetime(), limit: z.number().int() })
    .nullable()
    .describe("the runaway guard stopped it: it is recorded as monitored until somebody resumes it"),
});
const SHOWN_ONLY = ["selectedIn", "paused"];

export function registerRules(server: TypedServer, dependencies: RuleRouteDependencies): void {
  const { policies, pauses } = dependencies;

  async function all(): Promise<readonly z.input<typeof ruleSchema>[]> {
    const [written, { policy }, paused] = await Promise.all([
      writtenPolicy(dependencies),
      policies.current(),
      pauses.list(),
    ]);
    return written.rules.map((rule) => show(rule, policy, paused));
  }

  server.get(
    "/api/v1/rules",
    { schema: { querystring: z.object(paging), response: { 200: pageOf(ruleSchema) }, tags: ["policy"] } },
    async (request) => {
      const { items, next } = slice(await all(), request.query);
      return { items: [...items], next };
    },
  );
  server.get(
    "/api/v1/rules/:id",
    { schema: { params: policyIdParams, response: { 200: ruleSchema }, tags: ["policy"] } },
    async (request) => {
      const found = (await all()).find((rule) => rule.id === request.params.id);
      if (!found) throw missing("rule");
      return found;
    },
  );
  server.put(
    "/api/v1/rules/:id",
    {
      schema: {
        params: policyIdParams,
        body: writtenSchema,
        response: { 200: appliedSchema, 422: faultsSchema },
        tags: ["policy"],
        summary: "Adds or replaces a rule; a scope must select it before it does anything",
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const value = withoutKeys(request.body, SHOWN_ONLY);
      return accepted(reply, await policies.edit(() => [{ kind: "put", list: "rules", id, value }], BY_TOKEN)) ?? reply;
    },
  );
  server.delete(
    "/api/v1/rules/:id",
    {
      schema: {
        params: policyIdParams,
        response: { 200: appliedSchema, 422: faultsSchema },
        tags: ["policy"],
        summary: "Removes a rule, and takes it out of every selection",
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (!has((await writtenPolicy(dependencies)).rules, id)) throw missing("rule");
      return accepted(reply, await policies.edit(({ policy }) => removal(policy, id), BY_TOKEN)) ?? reply;
    },
  );
  server.post(
    "/api/v1/rules/:id/resume",
    {
      schema: {
        params: policyIdParams,
        response: { 200: ruleSchema },
        tags: ["policy"],
        summary: "Lets a rule act again that the runaway guard paused; its count begins anew",
      },
    },
    async (request) => {
      const { id } = request.params;
      await pauses.resume(id, BY_TOKEN);
      const found = (await all()).find((rule) => rule.id === id);
      if (!found) throw missing("rule");
      return found;
    },
  );
}

function show(rule: Written, policy: Policy, paused: readonly RulePause[]): z.input<typeof ruleSchema> {
  const pause = paused.find((entry) => entry.rule === rule.id);
  return {
    ...(rule as Written & { readonly description: string; readonly action: "warn" }),
    selectedIn: policy.scopes.filter((scope) => scope.rules?.includes(rule.id)).map((scope) => scope.name),
    paused: pause ? { since: pause.since.toISOString(), limit: pause.limit } : null,
  };
}

function removal(policy: Policy, id: string): readonly PolicyEdit[] {
  const selections = policy.scopes.flatMap(({ name, rules }): readonly PolicyEdit[] =>
    rules?.includes(id) ? [{ kind: "scope", scope: name, rules: rules.filter((rule) => rule !== id) }] : [],
  );
  return [...selections, { kind: "remove", list: "rules", id }];
}
