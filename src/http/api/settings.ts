import { z } from "zod";
import type { Policy, Settings } from "../../core/policy.ts";
import type { ActivePolicy } from "../../pipeline/inspection.ts";
import type { PolicyEdit } from "../../policy/edit.ts";
import { inheritedRules, selectionOf } from "../../policy/selection.ts";
import { DEFAULT_SETTINGS, explainSettings, selectedRules } from "../../policy/settings.ts";
import { accepted, appliedSchema, BY_TOKEN, faultsSchema } from "./applied.ts";
import { pageOf, paging } from "./paging.ts";
import { type PolicyDependencies, writtenPolicy } from "./policy-access.ts";
import { slice } from "./slice.ts";
import type { TypedServer } from "./typed-server.ts";

const values = z.record(z.string(), z.unknown());
const scopeSchema = z.object({
  scope: z.string().describe("global, domain:corp.example or user:ann@corp.example"),
  settings: values.describe("the scope's own; what is absent is inherited"),
  rules: z.array(z.string()).nullable().describe("the scope's own selection; null inherits"),
});
const effectiveSchema = z.object({
  sender: z.string(),
  settings: z.record(z.string(), z.object({ value: z.unknown(), origin: z.string().describe("scope, or default") })),
  rules: z.object({
    origin: z.string().describe("the scope whose selection holds, or default when none has one"),
    items: z.array(
      z.object({
        id: z.string(),
        description: z.string(),
        action: z.string(),
        severity: z.string(),
        monitor: z.boolean(),
      }),
    ),
  }),
});
/** What `PATCH /api/v1/settings` takes. */
export const changeSchema = z.strictObject({
  scope: z.string().min(1).max(300).default("global"),
  settings: values.optional().describe("by name; null makes the scope inherit it again"),
  rules: z.array(z.string()).nullable().optional().describe("replaces the selection; null inherits again"),
  select: z.array(z.string()).optional().describe("added to what the scope selects or inherits"),
  deselect: z.array(z.string()).optional(),
});

export function registerSettings(server: TypedServer, dependencies: PolicyDependencies): void {
  const { policies } = dependencies;

  server.get(
    "/api/v1/settings",
    {
      schema: {
        querystring: z.object(paging),
        response: { 200: pageOf(scopeSchema).extend({ defaults: values.describe("what holds where no scope says") }) },
        tags: ["policy"],
        summary: "Each scope's own settings and selection of rules",
      },
    },
    async (request) => {
      const { scopes } = await writtenPolicy(dependencies);
      const all = Object.entries(scopes).map(([id, { rules, settings }]) => ({ id, settings, rules: rules ?? null }));
      const { items, next } = slice(all, request.query);
      const shown = items.map(({ id: scope, ...rest }) => ({ scope, ...rest }));
      return { items: shown, next, defaults: { ...DEFAULT_SETTINGS } };
    },
  );
  server.get(
    "/api/v1/settings/effective",
    {
      schema: {
        querystring: z.object({ sender: z.string().trim().min(1).max(320) }),
        response: { 200: effectiveSchema },
        tags: ["policy"],
        summary: "What holds for a sender, and the scope that each value comes from",
      },
    },
    async (request) => effectiveFor((await policies.current()).policy, request.query.sender),
  );
  server.patch(
    "/api/v1/settings",
    {
      schema: {
        body: changeSchema,
        response: { 200: appliedSchema, 422: faultsSchema },
        tags: ["policy"],
        summary: "Changes a scope's settings and selection; what is left out stays",
      },
    },
    async (request, reply) =>
      accepted(reply, await policies.edit((running) => scopeEdits(request.body, running), BY_TOKEN)) ?? reply,
  );
}

/** For `GET /api/v1/settings/effective` and `postern policy explain`. */
export function effectiveFor(policy: Policy, sender: string): z.input<typeof effectiveSchema> {
  const { rules, origin } = selectedRules(policy, sender);
  return {
    sender: sender.toLowerCase(),
    settings: explainSettings(policy, sender) as Record<keyof Settings, { value: unknown; origin: string }>,
    rules: {
      origin,
      items: rules.map(({ id, description, action, severity, monitor }) => ({
        id,
        description,
        action,
        severity,
        monitor,
      })),
    },
  };
}

type ScopeChange = z.output<typeof changeSchema>;

export function scopeEdits(change: ScopeChange, { policy }: ActivePolicy): readonly PolicyEdit[] {
  const { scope, settings, select, deselect } = change;
  const rules = change.rules === undefined ? changedSelection(policy, scope, select, deselect) : change.rules;
  return [
    {
      kind: "scope",
      scope,
      ...(settings === undefined ? {} : { settings }),
      ...(rules === undefined ? {} : { rules }),
    },
  ];
}

/** A first selection begins with what the scope inherits, so that choosing one rule more takes none away. */
function changedSelection(
  policy: Policy,
  scope: string,
  select: readonly string[] = [],
  deselect: readonly string[] = [],
): readonly string[] | undefined {
  if (select.length === 0 && deselect.length === 0) return undefined;
  const present = selectionOf(policy, scope) ?? inheritedRules(policy, scope);
  return [...new Set([...present, ...select])].filter((rule) => !deselect.includes(rule));
}
