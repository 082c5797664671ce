import type { Policy } from "../core/policy.ts";
import { domainOf } from "./address.ts";
import { scopeName } from "./scope-name.ts";

/** A scope's own selection of rules; undefined when it inherits. */
export function selectionOf(policy: Policy, scope: string): readonly string[] | undefined {
  const name = scopeName(scope);
  return policy.scopes.find((candidate) => candidate.name === name)?.rules;
}

/** What a scope selects as long as it has no selection of its own. */
export function inheritedRules(policy: Policy, scope: string): readonly string[] {
  const name = scopeName(scope);
  const above = name.startsWith("user:") ? [`domain:${domainOf(name)}`, "global"] : name === "global" ? [] : ["global"];
  for (const candidate of above) {
    const rules = selectionOf(policy, candidate);
    if (rules !== undefined) return rules;
  }
  return [];
}
