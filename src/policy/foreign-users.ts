import type { Policy } from "../core/policy.ts";
import { domainOf, normalDomain } from "./address.ts";
import { domainList } from "./address-list.ts";
import { quote } from "./quote.ts";
import { isRawMap } from "./raw-document.ts";
import { scopeName } from "./scope-name.ts";
import { type PolicyFault, pathText, readSource } from "./source.ts";

/**
 * User scopes of people whom no connected tenant can have: a slip, since nothing would ever be decided by them. Those
 * that were there before stay, so that a domain that goes does not stand in the way of other changes.
 * @param tenantDomains verified domains of all connected tenants; with none, nothing is known
 */
export function foreignUsers(
  text: { readonly source: string; readonly format: "yaml" | "json" },
  after: Policy,
  before: Policy,
  tenantDomains: readonly string[],
): readonly PolicyFault[] {
  if (tenantDomains.length === 0) return [];
  const domains = [...after.internalDomains, ...tenantDomains.map(normalDomain)];
  const inside = domainList(domains.flatMap((domain) => [domain, `*.${domain}`]));
  const known = new Set(before.scopes.map((scope) => scope.name));
  const foreign = new Set(
    after.scopes
      .map((scope) => scope.name)
      .filter((name) => name.startsWith("user:") && !known.has(name) && !inside.has(domainOf(name))),
  );
  if (foreign.size === 0) return [];
  const source = readSource(text.source, text.format);
  const scopes = isRawMap(source.value) && isRawMap(source.value.scopes) ? Object.keys(source.value.scopes) : [];
  return scopes
    .filter((written) => foreign.has(scopeName(written)))
    .map((written) => ({
      ...source.placeOfKey(["scopes"], written),
      path: pathText(["scopes", written]),
      reason: `${quote(domainOf(scopeName(written)))} is no domain of a connected tenant, nor one of internalDomains`,
    }));
}
