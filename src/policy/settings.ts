import type { EffectiveSetting, Policy, Rule, Scope, Settings } from "../core/policy.ts";
import { domainOf, normalAddress, withoutTag } from "./address.ts";

/** What holds where no scope says otherwise. */
export const DEFAULT_SETTINGS: Settings = {
  "dlp.enabled": true,
  "dlp.managers": [],
  "dlp.manager-fallback": [],
  "notify.digest-after": 20,
  "guard.max-actions-per-hour": 1000,
  "quarantine.on-error": false,
  "quarantine.on-failed-encryption": false,
  "quarantine.expire-after-days": 5,
  "quarantine.require-reason": false,
  // The sender hears what happens to the own mail; managers hear what they may have to decide or repair.
  "notify.warning.originator": true,
  "notify.warning.managers": false,
  "notify.quarantine.originator": true,
  "notify.quarantine.managers": true,
  "notify.block.originator": true,
  "notify.block.managers": true,
  "notify.error.originator": false,
  "notify.error.managers": true,
  "notify.release.originator": true,
  "notify.release.managers": false,
  "notify.delete.originator": true,
  "notify.delete.managers": false,
  "notify.expire.originator": true,
  "notify.expire.managers": false,
};

const SETTING_NAMES = Object.keys(DEFAULT_SETTINGS) as readonly (keyof Settings)[];

/** The origin of what no scope sets. */
const DEFAULT_ORIGIN = "default";

/** Every setting as it holds for a sender: the most specific scope that has a value wins, one setting at a time. */
export function effectiveSettings(policy: Policy, sender: string): Settings {
  const merged: Settings = { ...DEFAULT_SETTINGS };
  for (const scope of scopesOf(policy, sender).toReversed()) Object.assign(merged, scope.settings);
  return merged;
}

/** As `effectiveSettings`, and for each the scope that it comes from. */
export function explainSettings(policy: Policy, sender: string): Readonly<Record<keyof Settings, EffectiveSetting>> {
  const scopes = scopesOf(policy, sender);
  const explain = (name: keyof Settings): EffectiveSetting => {
    for (const scope of scopes) {
      const value = scope.settings[name];
      if (value !== undefined) return { value, origin: scope.name };
    }
    return { value: DEFAULT_SETTINGS[name], origin: DEFAULT_ORIGIN };
  };
  return Object.fromEntries(SETTING_NAMES.map((name) => [name, explain(name)])) as Record<
    keyof Settings,
    EffectiveSetting
  >;
}

export interface SelectedRules {
  /** In the order of the selection. */
  readonly rules: readonly Rule[];
  /** The scope whose selection holds, or `default` when none has one: then no rule applies. */
  readonly origin: string;
}

/** The rules that apply to a sender: the selection of the most specific scope that has one, whole. */
export function selectedRules(policy: Policy, sender: string): SelectedRules {
  const scope = scopesOf(policy, sender).find((candidate) => candidate.rules !== undefined);
  if (scope?.rules === undefined) return { rules: [], origin: DEFAULT_ORIGIN };
  const byId = new Map(policy.rules.map((rule) => [rule.id, rule]));
  const rules = [...new Set(scope.rules)].flatMap((id) => byId.get(id) ?? []);
  return { rules, origin: scope.name };
}

/** The scopes that a sender is in, the most specific first. Domains do not contain their sub-domains. */
function scopesOf(policy: Policy, sender: string): readonly Scope[] {
  const address = normalAddress(sender);
  const names = [`user:${address}`, `user:${withoutTag(address)}`, `domain:${domainOf(address)}`, "global"];
  const found = new Map<string, Scope>();
  for (const scope of policy.scopes) if (names.includes(scope.name)) found.set(scope.name, scope);
  return [...new Set(names)].flatMap((name) => found.get(name) ?? []);
}
