import type { DirectoryGroup, DirectoryMailbox } from "../core/tenant.ts";

/** What the pipeline asks of a tenant's directory while it decides about one message. */
export interface DirectoryFacts {
  /** Verified mail domains of the tenant and the policy's internal ones. */
  readonly domains: ReadonlySet<string>;
  /** Group address or alias → addresses of all members, those outside too. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** The mailbox that an address reaches: primary, alias or `name+tag@`. */
  resolve(address: string): DirectoryMailbox | undefined;
  isInternal(address: string): boolean;
}

/** Indexes a directory for look-ups. */
export function directoryFacts(
  domains: Iterable<string>,
  mailboxes: readonly DirectoryMailbox[],
  groups: readonly DirectoryGroup[],
): DirectoryFacts {
  const known = new Set([...domains].map((domain) => domain.toLowerCase()));
  const byAddress = new Map<string, DirectoryMailbox>();
  for (const mailbox of mailboxes) for (const alias of mailbox.aliases) byAddress.set(alias, mailbox);
  for (const mailbox of mailboxes) byAddress.set(mailbox.address, mailbox);
  const members = new Map<string, readonly string[]>();
  for (const group of groups) for (const name of [group.address, ...group.aliases]) members.set(name, group.members);
  return {
    domains: known,
    groups: members,
    resolve: (address) => byAddress.get(address) ?? byAddress.get(withoutTag(address)),
    isInternal: (address) => known.has(address.slice(address.lastIndexOf("@") + 1)),
  };
}

/** For rules: the addresses of the mailboxes that a sender and recipients have in this directory. */
export function aliasesOf(
  addresses: Iterable<string>,
  { resolve }: Pick<DirectoryFacts, "resolve">,
): ReadonlyMap<string, readonly string[]> {
  const known = new Map<string, readonly string[]>();
  for (const address of addresses) {
    const mailbox = resolve(address);
    if (mailbox) known.set(address, [mailbox.address, ...mailbox.aliases]);
  }
  return known;
}

/** `ann+news@corp.example` → `ann@corp.example` (sub-addressing, RFC 5233). */
function withoutTag(address: string): string {
  const at = address.lastIndexOf("@");
  const plus = address.indexOf("+");
  return plus > 0 && plus < at ? address.slice(0, plus) + address.slice(at) : address;
}
