import type { Policy } from "../core/policy.ts";

/** Rules that act under `after` and did not under `before`: new, selected for the first time, or out of monitor mode. */
export function newlyActing(before: Policy, after: Policy): readonly string[] {
  const already = acting(before);
  return [...acting(after)].filter((rule) => !already.has(rule));
}

/** Rules that some scope selects and that are not only watched. */
function acting(policy: Policy): ReadonlySet<string> {
  const selected = new Set(policy.scopes.flatMap((scope) => scope.rules ?? []));
  return new Set(policy.rules.filter((rule) => selected.has(rule.id) && !rule.monitor).map((rule) => rule.id));
}
