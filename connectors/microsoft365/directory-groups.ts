import type { z } from "zod";
import { isPosternError, type PosternError } from "../../src/core/errors.ts";
import type { DirectoryGroup } from "../../src/core/tenant.ts";
import type { GraphCall } from "./client.ts";
import { groupPath } from "./paths.ts";
import { group, member, pageOf } from "./payloads.ts";
import type { Room } from "./room.ts";

const LANE = "directory";

/** Groups that receive mail, with all members through nested groups. Dynamic distribution lists are not in Entra. */
export async function readGroups(room: Room, signal: AbortSignal): Promise<readonly DirectoryGroup[]> {
  const entries = (await listGroups(room, signal)).filter((entry) => addressOf(entry) !== undefined);
  const members = await membersOf(
    room,
    entries.map(({ id }) => id),
    signal,
  );
  return entries.flatMap((entry) => {
    const address = addressOf(entry);
    if (address === undefined) return [];
    const aliases = (entry.proxyAddresses ?? [])
      .flatMap((proxy) => /^smtp:(.+)$/i.exec(proxy)?.[1]?.toLowerCase() ?? [])
      .filter((alias) => alias !== address);
    return [{ address, aliases, members: members.get(entry.id) ?? [] }];
  });
}

function addressOf(entry: z.infer<typeof group>): string | undefined {
  const address = entry.mail?.trim().toLowerCase();
  return address?.includes("@") ? address : undefined;
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

/** A tenant has thousands of groups, most of them small: their first pages come in batches. */
async function membersOf(
  room: Room,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const calls = ids.map((id) => membersCall(id, "transitiveMembers"));
  const results = await room.graph.batch(calls, pageOf(member), signal);
  const found = new Map<string, readonly string[]>();
  for (const [index, result] of results.entries()) {
    const id = ids[index] ?? "";
    if (!result.ok) found.set(id, await directMembers(room, id, result.error, signal));
    else if (result.value["@odata.nextLink"] === undefined) found.set(id, addressesOf(result.value.value));
    else found.set(id, await listMembers(room, membersCall(id, "transitiveMembers"), signal));
  }
  return found;
}

/** Of a group that was deleted meanwhile, or of a service that knows direct members only. */
async function directMembers(
  room: Room,
  id: string,
  error: PosternError,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (!isPosternError(error, "MESSAGE_NOT_FOUND") && !isPosternError(error, "PROVIDER_REFUSED")) throw error;
  try {
    return await listMembers(room, membersCall(id, "members"), signal);
  } catch (again) {
    if (isPosternError(again, "MESSAGE_NOT_FOUND") || isPosternError(again, "MAILBOX_UNAVAILABLE")) return [];
    throw again;
  }
}

function membersCall(id: string, relation: "transitiveMembers" | "members"): GraphCall {
  return {
    name: "list-members",
    path: `${groupPath(id)}/${relation}`,
    query: { $select: "id,mail,userPrincipalName", $top: "999" },
    lane: LANE,
  };
}

async function listMembers(room: Room, call: GraphCall, signal: AbortSignal): Promise<readonly string[]> {
  const members: z.infer<typeof member>[] = [];
  for await (const page of room.graph.pages(call, member, signal)) members.push(...page.items);
  return addressesOf(members);
}

function addressesOf(members: readonly z.infer<typeof member>[]): readonly string[] {
  // A nested group is listed beside its members.
  const people = members.filter((entry) => !/\bgroup$/i.test(entry["@odata.type"] ?? ""));
  const addresses = people.map((entry) => (entry.mail ?? entry.userPrincipalName ?? "").trim().toLowerCase());
  return [...new Set(addresses.filter((address) => address.includes("@")))];
}
