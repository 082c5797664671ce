import type { z } from "zod";
import { isPosternError } from "../../src/core/errors.ts";
import type { DirectoryGroup } from "../../src/core/tenant.ts";
import { groupPath } from "./paths.ts";
import { group, member } from "./payloads.ts";
import type { Room } from "./room.ts";

const LANE = "directory";

/** Groups that receive mail, with all members through nested groups. Dynamic distribution lists are not in Entra. */
export async function readGroups(room: Room, signal: AbortSignal): Promise<readonly DirectoryGroup[]> {
  const groups: DirectoryGroup[] = [];
  for (const entry of await listGroups(room, signal)) {
    const address = entry.mail?.trim().toLowerCase();
    if (!address?.includes("@")) continue;
    const aliases = (entry.proxyAddresses ?? [])
      .flatMap((proxy) => /^smtp:(.+)$/i.exec(proxy)?.[1]?.toLowerCase() ?? [])
      .filter((alias) => alias !== address);
    groups.push({ address, aliases, members: await membersOf(room, entry.id, signal) });
  }
  return groups;
}

async function listGroups(room: Room, signal: AbortSignal) {
  const query = { $select: "id,mail,proxyAddresses", $top: "999" };
  const read = async (filtered: Readonly<Record<string, string>>) => {
    const call = { name: "list-groups", path: "/groups", query: filtered, lane: LANE };
    const found: z.infer<typeof group>[] = [];
    for await (const page of room.graph.pages(call, group, signal)) found.push(...page.items);
    return found;
  };
  try {
    return await read({ ...query, $filter: "mailEnabled eq true" });
  } catch (error) {
    if (!isPosternError(error, "PROVIDER_REFUSED")) throw error;
    return await read(query);
  }
}

async function membersOf(room: Room, id: string, signal: AbortSignal): Promise<readonly string[]> {
  try {
    return await listMembers(room, id, "transitiveMembers", signal);
  } catch (error) {
    // Deleted meanwhile, or a service that knows direct members only.
    if (!isPosternError(error, "MESSAGE_NOT_FOUND") && !isPosternError(error, "PROVIDER_REFUSED")) throw error;
  }
  try {
    return await listMembers(room, id, "members", signal);
  } catch (error) {
    if (isPosternError(error, "MESSAGE_NOT_FOUND") || isPosternError(error, "MAILBOX_UNAVAILABLE")) return [];
    throw error;
  }
}

async function listMembers(
  room: Room,
  id: string,
  relation: "transitiveMembers" | "members",
  signal: AbortSignal,
): Promise<readonly string[]> {
  const addresses = new Set<string>();
  const call = {
    name: "list-members",
    path: `${groupPath(id)}/${relation}`,
    query: { $select: "id,mail,userPrincipalName", $top: "999" },
    lane: LANE,
  };
  for await (const page of room.graph.pages(call, member, signal)) {
    for (const entry of page.items) {
      // A nested group is listed beside its members.
      if (/\bgroup$/i.test(entry["@odata.type"] ?? "")) continue;
      const address = (entry.mail ?? entry.userPrincipalName ?? "").trim().toLowerCase();
      if (address.includes("@")) addresses.add(address);
    }
  }
  return [...addresses];
}
