import type { DirectoryStore } from "../core/store.ts";
import type { DirectoryGroup, DirectoryMailbox, Tenant } from "../core/tenant.ts";

type Choice = Pick<Tenant, "mailboxes">;
type Groups = readonly Pick<DirectoryGroup, "address" | "aliases" | "members">[];

/**
 * The usable mailboxes that the administrator chose, by primary address. An entry of the choice is an address (primary
 * or alias), the address of a group (its members, through nested groups), or `*@domain`; `!` before an entry takes its
 * mailboxes out again. A choice of nothing but `!` entries means all others.
 */
export function chosenMailboxes(
  { mailboxes: choice }: Choice,
  known: readonly DirectoryMailbox[],
  groups: Groups,
): readonly string[] {
  const usable = known.filter((mailbox) => mailbox.usable);
  if (choice === "all") return usable.map((mailbox) => mailbox.address);
  const entries = choice.map((entry) => entry.toLowerCase());
  const members = new Map(
    groups.flatMap((group) => [group.address, ...group.aliases].map((name) => [name, group.members])),
  );
  const taken = matcher(entries.filter((entry) => !entry.startsWith("!")));
  const left = matcher(entries.flatMap((entry) => (entry.startsWith("!") ? entry.slice(1) : [])));
  const isTaken = entries.every((entry) => entry.startsWith("!")) ? () => true : taken;
  return usable.filter((mailbox) => isTaken(mailbox) && !left(mailbox)).map((mailbox) => mailbox.address);

  function matcher(wanted: readonly string[]): (mailbox: DirectoryMailbox) => boolean {
    const addresses = new Set(wanted.flatMap((entry) => [entry, ...(members.get(entry) ?? [])]));
    const domains = new Set(wanted.flatMap((entry) => (entry.startsWith("*@") ? entry.slice(2) : [])));
    return ({ address, aliases }) =>
      domains.has(address.slice(address.lastIndexOf("@") + 1)) ||
      [address, ...aliases].some((each) => addresses.has(each));
  }
}

/** The same from what is stored; groups are read only where the choice may name one. */
export async function readChosenMailboxes(
  tenant: Choice & Pick<Tenant, "id">,
  directory: Pick<DirectoryStore, "mailboxes" | "groups">,
): Promise<readonly string[]> {
  const known = await directory.mailboxes(tenant.id);
  return chosenMailboxes(tenant, known, tenant.mailboxes === "all" ? [] : await directory.groups(tenant.id));
}
