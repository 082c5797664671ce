import { isDeepStrictEqual } from "node:util";
import type { Policy } from "../core/policy.ts";

/** One difference between two policies, for the history of a policy and for an audit event. */
export interface PolicyChange {
  readonly kind: "detector" | "group" | "rule" | "scope" | "general";
  /** Id, scope name, or the name of a top-level field. */
  readonly name: string;
  readonly change: "added" | "removed" | "changed";
  /** What differs, for instance `when.detectors` or `settings.dlp.enabled`; empty when added or removed. */
  readonly fields: readonly string[];
}

const GENERAL = ["internalDomains", "skipList", "testNumbers"] as const;
/** Fields whose own fields are named, because they say more than the whole. */
const NESTED: ReadonlySet<string> = new Set(["when", "except", "settings"]);

/** What changes when `after` takes the place of `before`. Order of rules within a selection counts, of definitions not. */
export function comparePolicies(before: Policy, after: Policy): readonly PolicyChange[] {
  return [
    ...GENERAL.filter((name) => !isDeepStrictEqual(before[name], after[name])).map(
      (name): PolicyChange => ({ kind: "general", name, change: "changed", fields: [] }),
    ),
    ...compareLists("detector", before.detectors, after.detectors, (detector) => detector.id),
    ...compareLists("group", before.groups, after.groups, (group) => group.id),
    ...compareLists("rule", before.rules, after.rules, (rule) => rule.id),
    ...compareLists("scope", before.scopes, after.scopes, (scope) => scope.name),
  ];
}

function compareLists<Item extends object>(
  kind: PolicyChange["kind"],
  before: readonly Item[],
  after: readonly Item[],
  nameOf: (item: Item) => string,
): readonly PolicyChange[] {
  const earlier = new Map(before.map((item) => [nameOf(item), item]));
  const later = new Map(after.map((item) => [nameOf(item), item]));
  return [...new Set([...earlier.keys(), ...later.keys()])].flatMap((name): readonly PolicyChange[] => {
    const [old, now] = [earlier.get(name), later.get(name)];
    if (old === undefined) return [{ kind, name, change: "added", fields: [] }];
    if (now === undefined) return [{ kind, name, change: "removed", fields: [] }];
    const fields = differing(old, now);
    return fields.length === 0 ? [] : [{ kind, name, change: "changed", fields }];
  });
}

function differing(before: object, after: object, prefix = ""): readonly string[] {
  const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    const [left, right]: unknown[] = [old.get(key), now.get(key)];
    if (isDeepStrictEqual(left, right)) return [];
    const nested = NESTED.has(key) && isObject(left) && isObject(right);
    return nested ? differing(left, right, `${key}.`) : [`${prefix}${key}`];
  });
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
