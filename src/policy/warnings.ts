import type { Policy, Rule } from "../core/policy.ts";
import { domainOf } from "./address.ts";
import { domainList } from "./address-list.ts";
import { type Path, type PolicyFault, pathText, type Source } from "./source.ts";

/** What is allowed and probably not meant. */
export function warningsFor(policy: Policy, source: Source, checkPattern: CheckPattern): readonly PolicyFault[] {
  const warn = (path: Path, reason: string): PolicyFault => ({ ...source.place(path), path: pathText(path), reason });
  return [
    ...literalExclusions(policy, checkPattern, warn),
    ...unselected(policy, warn),
    ...policy.rules.flatMap((rule, index) => ruleWarnings(rule, ["rules", index], warn)),
    ...outsideUsers(policy, source),
  ];
}

type CheckPattern = (pattern: string) => { readonly reason: string } | undefined;
type Warn = (path: Path, reason: string) => PolicyFault;

/** An exclusion is a value or a pattern; one that cannot be a pattern may be a slip. */
function literalExclusions(policy: Policy, checkPattern: CheckPattern, warn: Warn): readonly PolicyFault[] {
  return policy.detectors.flatMap((detector, index) =>
    detector.exclude.flatMap((text, position) => {
      const fault = checkPattern(text);
      if (fault === undefined) return [];
      return warn(["detectors", index, "exclude", position], `taken as a value, since as a pattern: ${fault.reason}`);
    }),
  );
}

function unselected(policy: Policy, warn: Warn): readonly PolicyFault[] {
  if (policy.rules.length === 0) return [];
  if (policy.scopes.every((scope) => scope.rules === undefined)) {
    return [warn(["rules"], "no scope selects any rule, so none applies: add scopes.global.rules")];
  }
  const selected = new Set(policy.scopes.flatMap((scope) => scope.rules ?? []));
  return policy.rules.flatMap((rule, index) =>
    selected.has(rule.id)
      ? []
      : warn(["rules", index, "id"], `no scope selects the rule "${rule.id}": it does nothing`),
  );
}

function ruleWarnings(rule: Rule, path: Path, warn: Warn): readonly PolicyFault[] {
  const warnings: PolicyFault[] = [];
  if (asksNothing(rule)) warnings.push(warn([...path, "when"], "the rule matches every message to such recipients"));
  if (rule.delayEvaluation && (rule.action === "warn" || rule.action === "must-encrypt")) {
    warnings.push(
      warn([...path, "delayEvaluation"], `there is nothing to delay for ${rule.action}: it leaves encryption its turn`),
    );
  }
  return warnings;
}

function asksNothing({ when }: Rule): boolean {
  return (
    when.detectors.length === 0 &&
    when.problems.length === 0 &&
    when.senders.length === 0 &&
    when.recipients.domains.length === 0 &&
    when.encrypted === undefined &&
    when.hasAttachment === undefined &&
    when.largerThan === undefined
  );
}

/** Connected tenants bring more domains, so a user outside of the written ones is no fault. Sub-domains are likely ours. */
function outsideUsers(policy: Policy, source: Source): readonly PolicyFault[] {
  const inside = domainList(policy.internalDomains.flatMap((domain) => [domain, `*.${domain}`]));
  if (inside.empty) return [];
  return policy.scopes.flatMap(({ name }) => {
    const owner = name.startsWith("user:") ? domainOf(name) : name.startsWith("domain:") ? name.slice(7) : "";
    if (owner === "" || inside.has(owner)) return [];
    const reason = `"${owner}" is none of internalDomains: the scope holds only if a connected tenant owns it`;
    return { ...source.placeOfKey(["scopes"], name), path: `scopes.${name}`, reason };
  });
}
