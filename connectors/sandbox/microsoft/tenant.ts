import { randomUUID } from "node:crypto";
import { directoryObjectNotFound, GraphError } from "./graph-error.ts";
import { type Change, createMailbox, type Mailbox } from "./mailbox.ts";
import type { Quirks } from "./quirks.ts";

export interface User {
  readonly id: string;
  /** Primary address and user principal name, lower case. */
  readonly address: string;
  readonly displayName: string;
  readonly aliases: readonly string[];
  /** Address of the manager, null when there is none. */
  readonly manager: string | null;
  /** For instance `nl-NL`, null when none is set. */
  readonly language: string | null;
  /** False: an account without a mailbox (no licence, or on premises). */
  readonly usable: boolean;
  /** mailboxSettings.userPurpose: user, shared, room, equipment, linked or others. */
  readonly purpose: string;
  readonly enabled: boolean;
}

export interface Group {
  readonly id: string;
  readonly address: string;
  readonly displayName: string;
  /** Addresses of users, of other groups, or of people outside. */
  readonly members: readonly string[];
}

/** A message that left the tenant. */
export interface OutsideMail {
  readonly from: string;
  readonly to: string;
  readonly mime: Buffer;
  readonly internetMessageId: string | null;
  readonly at: Date;
}

/** One line of the message trace: one message to one recipient. */
export interface Trace {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly internetMessageId: string | null;
  readonly networkMessageId: string;
  readonly size: number;
  readonly at: Date;
}

export interface Tenant {
  readonly id: string;
  /** Verified mail domains, lower case. */
  readonly domains: readonly string[];
  readonly users: Map<string, User>;
  /** Any address of a user, lower case, to the user's id. */
  readonly addresses: Map<string, string>;
  readonly groups: Map<string, Group>;
  readonly mailboxes: Map<string, Mailbox>;
  /** Ids of users in the order in which they were added, changed or removed: what users/delta reads. */
  readonly userHistory: string[];
  readonly outside: OutsideMail[];
  readonly traces: Trace[];
  readonly quirks: Quirks;
  readonly now: () => Date;
  /** Does something after so many milliseconds, unless the sandbox is closed before. */
  readonly later: (delayMs: number, work: () => void) => void;
  onChange: (mailbox: Mailbox, change: Change) => void;
}

export interface UserGiven {
  readonly address: string;
  readonly displayName: string;
  readonly aliases?: readonly string[];
  readonly manager?: string;
  readonly language?: string;
  readonly usable?: boolean;
  readonly purpose?: string;
  readonly enabled?: boolean;
}

/** Adds a person with a mailbox, or changes the one who has that address; the mailbox's content stays. */
export function putUser(tenant: Tenant, given: UserGiven): User {
  const address = given.address.toLowerCase();
  const user: User = {
    id: findUser(tenant, address)?.id ?? randomUUID(),
    address,
    displayName: given.displayName,
    aliases: (given.aliases ?? []).map((alias) => alias.toLowerCase()),
    manager: given.manager?.toLowerCase() ?? null,
    language: given.language ?? null,
    usable: given.usable ?? true,
    purpose: given.purpose ?? "user",
    enabled: given.enabled ?? true,
  };
  tenant.users.set(user.id, user);
  for (const name of [address, ...user.aliases]) tenant.addresses.set(name, user.id);
  tenant.userHistory.push(user.id);
  if (!tenant.mailboxes.has(user.id)) {
    const onChange = (mailbox: Mailbox, change: Change) => tenant.onChange(mailbox, change);
    tenant.mailboxes.set(user.id, createMailbox(user.id, tenant.now, onChange));
  }
  return user;
}

export function dropUser(tenant: Tenant, address: string): void {
  const user = findUser(tenant, address);
  if (!user) return;
  tenant.users.delete(user.id);
  for (const name of [user.address, ...user.aliases]) tenant.addresses.delete(name);
  tenant.mailboxes.delete(user.id);
  tenant.userHistory.push(user.id);
}

/** The primary address changes; the old one stays as an alias, as Exchange keeps it. */
export function renameUser(tenant: Tenant, from: string, to: string): void {
  const user = findUser(tenant, from);
  if (!user) return;
  const address = to.toLowerCase();
  tenant.users.set(user.id, { ...user, address, aliases: [...user.aliases, user.address] });
  tenant.addresses.set(address, user.id);
  tenant.userHistory.push(user.id);
}

export function putGroup(
  tenant: Tenant,
  given: { readonly address: string; readonly displayName?: string; readonly members: readonly string[] },
): Group {
  const address = given.address.toLowerCase();
  const group: Group = {
    id: findGroup(tenant, address)?.id ?? randomUUID(),
    address,
    displayName: given.displayName ?? address.slice(0, address.indexOf("@")),
    members: given.members.map((member) => member.toLowerCase()),
  };
  tenant.groups.set(group.id, group);
  return group;
}

/** By id or user principal name, as `/users/{id}` does; not by alias. */
export function findUser(tenant: Tenant, idOrName: string): User | undefined {
  const name = idOrName.toLowerCase();
  const byId = tenant.users.get(name);
  if (byId) return byId;
  const user = findRecipient(tenant, name);
  return user?.address === name ? user : undefined;
}

/** By any of its addresses, as mail transport does. */
export function findRecipient(tenant: Tenant, address: string): User | undefined {
  return tenant.users.get(tenant.addresses.get(address.toLowerCase()) ?? "");
}

export function findGroup(tenant: Tenant, idOrAddress: string): Group | undefined {
  const name = idOrAddress.toLowerCase();
  return tenant.groups.get(name) ?? [...tenant.groups.values()].find((group) => group.address === name);
}

/** @throws GraphError Request_ResourceNotFound */
export function userOf(tenant: Tenant, idOrName: string): User {
  const user = findUser(tenant, idOrName);
  if (!user) throw directoryObjectNotFound(idOrName);
  return user;
}

/** @throws GraphError ErrorInvalidUser, or MailboxNotEnabledForRESTAPI for an account without a mailbox. */
export function mailboxOf(tenant: Tenant, idOrName: string): Mailbox {
  const user = findUser(tenant, idOrName);
  const mailbox = user && tenant.mailboxes.get(user.id);
  if (!user || !mailbox) {
    throw new GraphError(404, "ErrorInvalidUser", `The requested user '${idOrName}' is invalid.`);
  }
  if (!user.usable) {
    throw new GraphError(
      404,
      "MailboxNotEnabledForRESTAPI",
      "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
    );
  }
  return mailbox;
}

export function isInternal(tenant: Tenant, address: string): boolean {
  return tenant.domains.includes(address.slice(address.lastIndexOf("@") + 1).toLowerCase());
}

/** Members of a group with nested groups followed, each address once; users by primary address. */
export function expandGroup(tenant: Tenant, group: Group, seen: ReadonlySet<string> = new Set()): ReadonlySet<string> {
  const path = new Set(seen).add(group.id);
  const members = new Set<string>();
  for (const address of group.members) {
    const nested = findGroup(tenant, address);
    if (!nested) members.add(findRecipient(tenant, address)?.address ?? address);
    else if (!path.has(nested.id)) for (const member of expandGroup(tenant, nested, path)) members.add(member);
  }
  return members;
}
