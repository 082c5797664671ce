import type { Policy, RecipientCondition } from "../core/policy.ts";
import { domainOf, normalAddress, normalDomain, withoutTag } from "./address.ts";
import { addressList, type DomainList, domainList } from "./address-list.ts";

/** Somebody who gets the mail: a recipient, or a member of a recipient that is a group. */
interface Person {
  readonly address: string;
  /** The address without its tag. */
  readonly mailbox: string;
  readonly domain: string;
  /** Every address of the mailbox, when the directory knows some. */
  readonly aliases: readonly string[];
}

/** One recipient as rules see it. */
export interface Addressee {
  /** As the message has it. */
  readonly address: string;
  /** Who gets the mail through it. A recipient with anybody in `outside` is external. */
  readonly outside: readonly Person[];
  readonly inside: readonly Person[];
  /** The group's own address, which exceptions can name; undefined when it is no group. */
  readonly group: string | undefined;
}

interface RecipientFacts {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly internalDomains: ReadonlySet<string>;
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly aliases?: ReadonlyMap<string, readonly string[]>;
}

/** A reader outside whose address nobody knows: a document by itself counts as sent to one. */
export const SOMEBODY_OUTSIDE: Addressee = {
  address: "",
  outside: [{ address: "", mailbox: "", domain: "", aliases: [] }],
  inside: [],
  group: undefined,
};

/** The recipients of a message, each once, in its order. */
export function addresseesOf(policy: Policy, facts: RecipientFacts): readonly Addressee[] {
  const domains = insideDomains(policy, facts);
  return [...new Set(facts.recipients)].map((address) => {
    const own = normalAddress(address);
    const group = [own, withoutTag(own)].find((name) => facts.groups.has(name));
    const members = group === undefined ? [] : membersOf(group, facts.groups);
    // A group of somebody else's domain may have more members than the directory shows.
    const opaque = members.length === 0 || !domains.has(domainOf(own));
    const persons = [...members, ...(opaque ? [own] : [])].map((person) => personOf(person, facts));
    const inside = persons.filter((person) => domains.has(person.domain));
    return { address, group, inside, outside: persons.filter((person) => !domains.has(person.domain)) };
  });
}

function personOf(address: string, { aliases }: RecipientFacts): Person {
  const mailbox = withoutTag(address);
  const known = aliases?.get(address) ?? aliases?.get(mailbox) ?? [];
  return { address, mailbox, domain: domainOf(address), aliases: known };
}

function insideDomains(policy: Policy, facts: RecipientFacts): DomainList {
  const listed = [...policy.internalDomains, ...[...facts.internalDomains].map(normalDomain)];
  return domainList(listed.length > 0 ? listed : [domainOf(normalAddress(facts.sender))]);
}

/** Everybody in a group, through groups in it; a group that contains itself ends nothing. */
function membersOf(group: string, groups: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const seen = new Set([group]);
  const people = new Set<string>();
  const open = [...(groups.get(group) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const address = normalAddress(next);
    if (seen.has(address)) continue;
    seen.add(address);
    const nested = groups.get(address);
    if (nested === undefined) people.add(address);
    else open.push(...nested);
  }
  return [...people];
}

/**
 * A rule's say about recipients, made ready for many of them.
 * The returned test is true when the rule looks at a recipient: for a group, when it looks at any of its members.
 */
export function recipientTest(
  condition: RecipientCondition,
  exceptions: readonly string[],
): (addressee: Addressee) => boolean {
  const only = domainList(condition.domains);
  const notThese = domainList(condition.exceptDomains);
  const exempt = addressList(exceptions);
  const wanted = ({ address, mailbox, domain, aliases }: Person): boolean =>
    (only.empty || only.has(domain)) &&
    !notThese.has(domain) &&
    !exempt.has(domain) &&
    !exempt.hasAddress(address, mailbox) &&
    !aliases.some((alias) => exempt.hasAddress(alias, alias));
  return ({ group, outside, inside }) => {
    if (group !== undefined && exempt.hasAddress(group, group)) return false;
    if (condition.are !== "internal" && outside.some(wanted)) return true;
    return condition.are !== "external" && inside.some(wanted);
  };
}
