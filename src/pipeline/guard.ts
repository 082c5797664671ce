import type { Policy } from "../core/policy.ts";
import type { Clock, Logger } from "../core/ports.ts";
import type { RuleGuardStore } from "../core/rule-guard.ts";
import type { Tenant } from "../core/tenant.ts";
import type { Evaluation } from "../policy/evaluate.ts";

export interface GuardDependencies {
  readonly ruleGuards: Pick<RuleGuardStore, "admit">;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Guarded {
  readonly evaluation: Evaluation;
  /** Rules that this message stopped. */
  readonly tripped: readonly string[];
}

/**
 * The runaway guard: a rule that acts on more than `guard.max-actions-per-hour` messages is paused until an
 * administrator resumes it. A paused rule is only recorded, as one in monitor mode is. Where nothing is acted on
 * (observing tenants), nothing is counted.
 */
export async function guard(
  policy: Policy,
  evaluateWith: (policy: Policy) => Evaluation,
  tenant: Pick<Tenant, "id" | "mode">,
  { ruleGuards, clock, logger }: GuardDependencies,
): Promise<Guarded> {
  const evaluation = evaluateWith(policy);
  const acting = evaluation.triggered.map(({ rule }) => rule.id);
  if (acting.length === 0 || tenant.mode === "observe") return { evaluation, tripped: [] };
  const limit = evaluation.settings["guard.max-actions-per-hour"];
  const { paused, tripped } = await ruleGuards.admit(acting, limit, tenant.id, clock.now());
  if (paused.length === 0) return { evaluation, tripped };
  for (const rule of tripped) logger.error({ rule, limit, tenant: tenant.id }, "a rule acts too often and is paused");
  return { evaluation: evaluateWith(withPaused(policy, new Set(paused))), tripped };
}

function withPaused(policy: Policy, paused: ReadonlySet<string>): Policy {
  return { ...policy, rules: policy.rules.map((rule) => (paused.has(rule.id) ? { ...rule, monitor: true } : rule)) };
}
