import { addressFault, domainFault, domainOf, normalAddress, normalDomain, withoutTag } from "./address.ts";

const WILDCARD = "*.";

/** A list of domains, made ready for look-ups. `*.example.com` stands for example.com and all below it. */
export interface DomainList {
  has(domain: string): boolean;
  readonly empty: boolean;
}

/** A list of addresses and domains, made ready for look-ups. */
interface AddressList extends DomainList {
  /** The address itself is listed, or the mailbox that it reaches (`withoutTag`), whatever its domain. */
  hasAddress(address: string, mailbox: string): boolean;
  /** False when domains decide alone. */
  readonly namesAddresses: boolean;
}

/** Compiles domains as a loaded policy has them: normal already (`normalEntry`). */
export function domainList(entries: Iterable<string>): DomainList {
  const exact = new Set<string>();
  const below = new Set<string>();
  for (const entry of entries) {
    if (entry.startsWith(WILDCARD)) below.add(entry.slice(WILDCARD.length));
    else exact.add(entry);
  }
  return {
    empty: exact.size + below.size === 0,
    has: (domain) => domain !== "" && (exact.has(domain) || (below.size > 0 && hasAncestor(below, domain))),
  };
}

function hasAncestor(roots: ReadonlySet<string>, domain: string): boolean {
  for (let rest = domain; ; rest = rest.slice(rest.indexOf(".") + 1)) {
    if (roots.has(rest)) return true;
    if (!rest.includes(".")) return false;
  }
}

/** Compiles addresses and domains as a loaded policy has them. */
export function addressList(entries: readonly string[]): AddressList {
  const domains = domainList(entries.filter((entry) => !entry.includes("@")));
  const addresses = new Set(entries.filter((entry) => entry.includes("@")));
  return {
    empty: domains.empty && addresses.size === 0,
    namesAddresses: addresses.size > 0,
    has: domains.has,
    hasAddress: (address, mailbox) => addresses.size > 0 && (addresses.has(address) || addresses.has(mailbox)),
  };
}

/** Whether a normal address or its domain is listed. */
export function lists(list: AddressList, address: string): boolean {
  return list.hasAddress(address, withoutTag(address)) || list.has(domainOf(address));
}

/** Why an entry of a domain list is none, or undefined. */
export function domainEntryFault(entry: string): string | undefined {
  return domainFault(entry.startsWith(WILDCARD) ? entry.slice(WILDCARD.length) : entry);
}

/** Why an entry of an address list is none, or undefined. */
export function addressEntryFault(entry: string): string | undefined {
  return entry.includes("@") ? addressFault(entry) : domainEntryFault(entry);
}

/** The entry as it is stored and compared. */
export function normalEntry(entry: string): string {
  if (entry.includes("@")) return normalAddress(entry);
  return entry.startsWith(WILDCARD) ? WILDCARD + normalDomain(entry.slice(WILDCARD.length)) : normalDomain(entry);
}
