import { isPosternError } from "../../src/core/errors.ts";
import type { Logger } from "../../src/core/ports.ts";
import type { Directory, DirectoryGroup, DirectoryMailbox } from "../../src/core/tenant.ts";
import type { DirectoryApi, Member } from "./directory-api.ts";
import type { GoogleGroup, GoogleUser } from "./payloads.ts";
import { unitGroups } from "./units.ts";

/** Users, domains, groups and the named organisational units of the customer. Domains and groups that may not be read leave a warning, users throw. */
export async function readDirectory(api: DirectoryApi, units: readonly string[], logger: Logger): Promise<Directory> {
  const users = await api.users();
  const mailboxes = toMailboxes(users);
  const domains = await orWithout("domains", () => api.domains(), domainsOf(mailboxes), logger);
  const groups = await orWithout("groups", () => readGroups(api, mailboxes), [], logger);
  const placed = users.map(({ primaryEmail, orgUnitPath }) => ({
    address: primaryEmail.toLowerCase(),
    unit: orgUnitPath,
  }));
  return {
    domains,
    mailboxes,
    groups: [...groups, ...unitGroups(units, placed)],
  };
}

/** The customer's own people, each manager by the primary address; guests have their mailbox elsewhere. */
export function toMailboxes(users: readonly GoogleUser[]): readonly DirectoryMailbox[] {
  return withPrimaryManagers(users.filter((user) => user.isGuestUser !== true).map(toMailbox));
}

async function orWithout<Value>(
  what: string,
  read: () => Promise<Value>,
  without: Value,
  logger: Logger,
): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    const isMissingRight =
      isPosternError(error, "PROVIDER_FORBIDDEN") ||
      isPosternError(error, "PROVIDER_UNAUTHORIZED") ||
      isPosternError(error, "PROVIDER_REFUSED");
    if (!isMissingRight) throw error;
    logger.warn({ what, code: error.code }, "A part of the directory cannot be read");
    return without;
  }
}

function toMailbox(user: GoogleUser): DirectoryMailbox {
  const address = user.primaryEmail.toLowerCase();
  const language = languageOf(user);
  return {
    address,
    userId: user.id === "" ? address : user.id,
    aliases: lowerCase([...user.aliases, ...user.nonEditableAliases]),
    displayName: user.name?.fullName ?? address,
    manager: managerOf(user),
    usable: user.suspended !== true && user.archived !== true && user.isMailboxSetup !== false,
    ...(language === undefined ? {} : { language }),
  };
}

function languageOf({ languages = [] }: GoogleUser): string | undefined {
  const preferred = languages.find(({ preference }) => preference === "preferred") ?? languages[0];
  return preferred?.languageCode;
}

/** Free text in Google's directory; normally the manager's address. */
function managerOf(user: GoogleUser): string | null {
  const value = user.relations
    ?.find(({ type }) => type === "manager")
    ?.value?.trim()
    .toLowerCase();
  return value !== undefined && /^[^\s@]+@[^\s@]+$/.test(value) ? value : null;
}

/** A manager may be entered by an alias. */
function withPrimaryManagers(mailboxes: readonly DirectoryMailbox[]): readonly DirectoryMailbox[] {
  const primary = new Map(mailboxes.flatMap((one) => one.aliases.map((alias) => [alias, one.address])));
  return mailboxes.map((one) =>
    one.manager === null ? one : { ...one, manager: primary.get(one.manager) ?? one.manager },
  );
}

function domainsOf(mailboxes: readonly DirectoryMailbox[]): readonly string[] {
  return [...new Set(mailboxes.map(({ address }) => address.slice(address.lastIndexOf("@") + 1)))];
}

async function readGroups(
  api: DirectoryApi,
  mailboxes: readonly DirectoryMailbox[],
): Promise<readonly DirectoryGroup[]> {
  const groups = await api.groups();
  const members = await Promise.all(groups.map((group) => api.members(group.id ?? group.email)));
  const everybody = mailboxes.map(({ address }) => address);
  const direct = new Map<string, readonly Member[]>();
  for (const [index, group] of groups.entries()) {
    for (const address of addressesOf(group)) direct.set(address, members[index] ?? []);
  }
  return groups.map((group) => {
    const [address = "", ...aliases] = addressesOf(group);
    return { address, aliases, members: expand(address, direct, everybody) };
  });
}

function addressesOf(group: GoogleGroup): readonly string[] {
  return lowerCase([group.email, ...group.aliases, ...group.nonEditableAliases]);
}

/**
 * Members through all levels. Google's derived listing expands already; nested groups that are listed all the same
 * are expanded here, each once, whatever circle they form.
 */
export function expand(
  address: string,
  direct: ReadonlyMap<string, readonly Member[]>,
  everybody: readonly string[],
): readonly string[] {
  const people = new Set<string>();
  const seen = new Set<string>();
  const waiting = [address];
  for (let group = waiting.pop(); group !== undefined; group = waiting.pop()) {
    if (seen.has(group)) continue;
    seen.add(group);
    for (const member of direct.get(group) ?? []) {
      if (member.kind === "everybody") for (const one of everybody) people.add(one);
      else if (direct.has(member.address)) waiting.push(member.address);
      else people.add(member.address);
    }
  }
  return [...people];
}

function lowerCase(addresses: readonly string[]): readonly string[] {
  return [...new Set(addresses.map((one) => one.toLowerCase()))];
}
