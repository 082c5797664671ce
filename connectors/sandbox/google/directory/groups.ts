import { GROUP, GROUP_READ, MEMBER, MEMBER_READ } from "../auth/scopes.ts";
import { GoogleError, notFound } from "../google-error.ts";
import { type Answer, type Call, json, type Route } from "../http/route.ts";
import { derivedMembers, findGroup, findPerson, type Group } from "../people.ts";
import type { World } from "../world.ts";
import { DIRECTORY, pageOf, requireAdmin, requireCustomer } from "./admin-call.ts";

const groupScopes = [GROUP, GROUP_READ];
const memberScopes = [GROUP, MEMBER, MEMBER_READ, GROUP_READ];

/** Groups and members of a page: 200, which is the largest too (discovery document). */
const PAGE = [200, 200] as const;

export const groupRoutes: readonly Route[] = [
  {
    id: "directory.groups.list",
    method: "GET",
    path: `${DIRECTORY}/groups`,
    scopes: groupScopes,
    query: ["customer", "domain", "maxResults", "orderBy", "pageToken", "query", "sortOrder", "userKey"],
    handle: list,
  },
  {
    id: "directory.groups.get",
    method: "GET",
    path: `${DIRECTORY}/groups/{groupKey}`,
    scopes: groupScopes,
    handle: (call, world) => {
      requireAdmin(call, world);
      return json(groupResource(existing(call, world)));
    },
  },
  {
    id: "directory.members.list",
    method: "GET",
    path: `${DIRECTORY}/groups/{groupKey}/members`,
    scopes: memberScopes,
    query: ["includeDerivedMembership", "maxResults", "pageToken", "roles"],
    handle: (call, world) => {
      requireAdmin(call, world);
      const group = existing(call, world);
      // The derived list holds the nested groups themselves as well as their members.
      const all =
        call.query.get("includeDerivedMembership") === "true" ? derivedMembers(world.people, group) : group.members;
      const { items, ...next } = pageOf(call, all, PAGE);
      const members = items.map((address) => memberResource(world, address));
      return json({
        kind: "admin#directory#members",
        etag: '"e"',
        ...(members.length === 0 ? {} : { members }),
        ...next,
      });
    },
  },
];

function list(call: Call, world: World): Answer {
  requireAdmin(call, world);
  const customer = call.query.get("customer");
  const userKey = call.query.get("userKey")?.toLowerCase();
  const domain = call.query.get("domain");
  if (customer === null && domain === null && userKey === undefined) {
    throw new GoogleError(400, "badRequest", "Bad Request");
  }
  if (customer !== null) requireCustomer(world, customer);
  const found = [...world.people.groups.values()]
    .filter((group) => domain === null || group.address.endsWith(`@${domain}`))
    .filter((group) => userKey === undefined || group.members.includes(userKey));
  const { items, ...next } = pageOf(call, found, PAGE);
  const groups = items.map(groupResource);
  return json({ kind: "admin#directory#groups", etag: '"e"', ...(groups.length === 0 ? {} : { groups }), ...next });
}

function existing(call: Call, world: World): Group {
  const group = findGroup(world.people, call.params.groupKey ?? "");
  if (group === undefined) throw notFound("Resource Not Found: groupKey");
  return group;
}

function groupResource(group: Group): object {
  return {
    kind: "admin#directory#group",
    id: group.id,
    etag: '"e"',
    email: group.address,
    name: group.name,
    directMembersCount: `${group.members.length}`,
    description: "",
    adminCreated: true,
    ...(group.aliases.length === 0 ? {} : { aliases: group.aliases }),
  };
}

function memberResource(world: World, address: string): object {
  const person = findPerson(world.people, address);
  const group = findGroup(world.people, address);
  return {
    kind: "admin#directory#member",
    etag: '"e"',
    id: person?.id ?? group?.id ?? `9${Buffer.from(address).readUIntBE(0, 4)}`,
    email: address,
    role: "MEMBER",
    type: group === undefined ? "USER" : "GROUP",
    // Members from outside have no status.
    ...(person === undefined ? {} : { status: person.suspended ? "SUSPENDED" : "ACTIVE" }),
  };
}
