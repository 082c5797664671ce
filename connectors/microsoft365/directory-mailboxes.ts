import { isPosternError } from "../../src/core/errors.ts";
import type { DirectoryMailbox } from "../../src/core/tenant.ts";
import { userPath } from "./paths.ts";
import { type GraphUser, manager, user } from "./payloads.ts";
import type { Room } from "./room.ts";

/** What is asked of a user. */
export const USER_FIELDS =
  "id,mail,userPrincipalName,displayName,proxyAddresses,accountEnabled,userType,assignedPlans,preferredLanguage";
const MANAGER = "manager($select=id,mail,userPrincipalName)";
const PAGE_SIZE = "999";
/** Where the listing brought no managers, so many people are asked about one by one before it is believed. */
const ASKED_ONE_BY_ONE = 200;

/** All people with a mail address. */
export async function readMailboxes(room: Room, signal: AbortSignal): Promise<readonly DirectoryMailbox[]> {
  const users = (await listUsers(room, signal)).filter((entry) => addressOf(entry) !== undefined);
  const managers = new Map(users.map((entry) => [entry.id, addressOf(entry.manager)]));
  if (users.every((entry) => entry.manager === undefined)) {
    for (const entry of users.slice(0, ASKED_ONE_BY_ONE)) {
      managers.set(entry.id, await managerOf(room, entry.id, signal));
    }
  }
  const names = new Map(users.map((entry) => [nameOf(entry), addressOf(entry)]));
  return users.flatMap((entry) => {
    const boss = managers.get(entry.id);
    return mailboxOf(entry, boss === undefined ? null : (names.get(boss) ?? boss));
  });
}

/** The people with these ids who have a mail address, as they are now. */
export async function readMailboxesById(
  room: Room,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly DirectoryMailbox[]> {
  const calls = ids.map((id) => ({
    name: "get-user",
    path: userPath(id),
    query: { $select: USER_FIELDS, $expand: MANAGER },
    lane: "directory",
  }));
  const results = await room.graph.batch(calls, user, signal);
  return results.flatMap((result) => {
    if (result.ok) return mailboxOf(result.value, addressOf(result.value.manager) ?? null);
    // Gone between the two calls.
    if (isPosternError(result.error, "MESSAGE_NOT_FOUND") || isPosternError(result.error, "MAILBOX_UNAVAILABLE"))
      return [];
    throw result.error;
  });
}

/** None for somebody without an address. */
function mailboxOf(entry: GraphUser, boss: string | null): readonly DirectoryMailbox[] {
  const address = addressOf(entry);
  if (address === undefined) return [];
  return [
    {
      address,
      userId: entry.id,
      aliases: aliasesOf(entry, address),
      displayName: entry.displayName ?? address,
      manager: boss,
      usable: isUsable(entry),
      ...(entry.preferredLanguage ? { language: entry.preferredLanguage } : {}),
    },
  ];
}

async function listUsers(room: Room, signal: AbortSignal): Promise<readonly GraphUser[]> {
  const query = { $select: USER_FIELDS, $top: PAGE_SIZE };
  try {
    return await collect(room, { ...query, $expand: MANAGER }, signal);
  } catch (error) {
    // `$expand` is refused in some way; an outage meets the second try too.
    if (!isPosternError(error, "PROVIDER_REFUSED") && !isPosternError(error, "PROVIDER_UNAVAILABLE")) throw error;
    return await collect(room, query, signal);
  }
}

async function collect(
  room: Room,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<readonly GraphUser[]> {
  const users: GraphUser[] = [];
  const call = { name: "list-users", path: "/users", query, lane: "directory" };
  for await (const page of room.graph.pages(call, user, signal)) users.push(...page.items);
  return users;
}

async function managerOf(room: Room, userId: string, signal: AbortSignal): Promise<string | undefined> {
  const call = {
    name: "get-manager",
    path: `${userPath(userId)}/manager`,
    query: { $select: "id,mail,userPrincipalName" },
    lane: "directory",
  };
  try {
    return addressOf(await room.graph.json(call, manager, signal));
  } catch (error) {
    // 404 where there is none.
    if (isPosternError(error, "MESSAGE_NOT_FOUND") || isPosternError(error, "MAILBOX_UNAVAILABLE")) return undefined;
    throw error;
  }
}

type Named = { readonly mail?: string | null | undefined; readonly userPrincipalName?: string | null | undefined };

/** Primary address in lower case; somebody whose `mail` is null has the sign-in name only. */
function addressOf(entry: Named | null | undefined): string | undefined {
  const address = (entry?.mail ?? entry?.userPrincipalName ?? undefined)?.trim().toLowerCase();
  return address?.includes("@") ? address : undefined;
}

function nameOf(entry: Named): string {
  return (entry.userPrincipalName ?? entry.mail ?? "").toLowerCase();
}

function aliasesOf(entry: GraphUser, address: string): readonly string[] {
  const proxies = (entry.proxyAddresses ?? []).flatMap((proxy) => /^smtp:(.+)$/i.exec(proxy)?.[1] ?? []);
  const all = [...proxies, entry.userPrincipalName ?? ""].map((alias) => alias.trim().toLowerCase());
  return [...new Set(all)].filter((alias) => alias.includes("@") && alias !== address);
}

/**
 * A guess from the directory: guests and people without mail have no mailbox here, nor has somebody whose licences
 * leave Exchange out. Disabled accounts are usable, because shared mailboxes are such.
 */
function isUsable(entry: GraphUser): boolean {
  if (entry.mail === null || entry.userType === "Guest") return false;
  const plans = entry.assignedPlans ?? [];
  return plans.length === 0 || plans.some((plan) => plan.service === "exchange" && plan.capabilityStatus !== "Deleted");
}
