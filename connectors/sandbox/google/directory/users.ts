import { CLOUD_PLATFORM, USER, USER_READ } from "../auth/scopes.ts";
import { GoogleError, notFound } from "../google-error.ts";
import { type Answer, type Call, json, type Route } from "../http/route.ts";
import { findPerson, type Person } from "../people.ts";
import type { World } from "../world.ts";
import { DIRECTORY, pageOf, requireAdmin, requireCustomer } from "./admin-call.ts";

const scopes = [USER, USER_READ];

/** Users of a page: 100, at most 500 (discovery document). */
const PAGE = [100, 500] as const;

export const userRoutes: readonly Route[] = [
  {
    id: "directory.users.list",
    method: "GET",
    path: `${DIRECTORY}/users`,
    scopes: [...scopes, CLOUD_PLATFORM],
    query: [
      "customFieldMask",
      "customer",
      "domain",
      "maxResults",
      "orderBy",
      "pageToken",
      "projection",
      "query",
      "showDeleted",
      "sortOrder",
      "viewType",
    ],
    handle: list,
  },
  {
    id: "directory.users.get",
    method: "GET",
    path: `${DIRECTORY}/users/{userKey}`,
    scopes,
    query: ["customFieldMask", "projection", "viewType"],
    handle: (call, world) => {
      requireAdmin(call, world);
      const person = findPerson(world.people, call.params.userKey ?? "");
      if (person === undefined) throw notFound("Resource Not Found: userKey");
      return json(userResource(world, person));
    },
  },
];

function list(call: Call, world: World): Answer {
  requireAdmin(call, world);
  const customer = call.query.get("customer");
  const domain = call.query.get("domain");
  if (customer === null && domain === null) throw new GoogleError(400, "badRequest", "Bad Request");
  if (customer !== null) requireCustomer(world, customer);
  if (domain !== null && !world.domains.includes(domain)) throw notFound("Domain not found.");
  const fits = readQuery(call.query.get("query"));
  // Without showDeleted the list holds everybody who is not deleted, suspended people too.
  const found = [...world.people.persons.values()]
    .filter((person) => domain === null || person.address.endsWith(`@${domain}`))
    .filter(fits)
    .sort((a, b) => (a.address < b.address ? -1 : 1));
  if (call.query.get("sortOrder") === "DESCENDING") found.reverse();
  const { items, ...next } = pageOf(call, found, PAGE);
  const users = items.map((person) => userResource(world, person));
  return json({ kind: "admin#directory#users", etag: '"e"', ...(users.length === 0 ? {} : { users }), ...next });
}

/** Searches for one field: `email`, `isSuspended`, `directManager`. @throws GoogleError 400 for other ones. */
function readQuery(query: string | null): (person: Person) => boolean {
  if (query === null || query === "") return () => true;
  const [, name, value = ""] = /^(\w+)[:=]'?([^']*)'?$/.exec(query) ?? [];
  switch (name) {
    case "email":
      return (person) => [person.address, ...person.aliases].includes(value.toLowerCase());
    case "isSuspended":
      return (person) => `${person.suspended}` === value;
    case "directManager":
      return (person) => person.manager?.toLowerCase() === value.toLowerCase();
    default:
      throw new GoogleError(400, "invalid", "Invalid Input: query");
  }
}

function userResource(world: World, person: Person): object {
  const [givenName = person.name, ...rest] = person.name.split(" ");
  const addresses = [{ address: person.address, primary: true }, ...person.aliases.map((address) => ({ address }))];
  return {
    kind: "admin#directory#user",
    id: person.id,
    etag: '"e"',
    primaryEmail: person.address,
    name: { givenName, familyName: rest.join(" "), fullName: person.name },
    isAdmin: person.isAdmin,
    isDelegatedAdmin: false,
    suspended: person.suspended,
    ...(person.suspended ? { suspensionReason: "ADMIN" } : {}),
    archived: false,
    isMailboxSetup: person.isMailboxSetup,
    emails: addresses,
    ...(person.aliases.length === 0 ? {} : { aliases: person.aliases }),
    ...(person.manager === null ? {} : { relations: [{ value: person.manager, type: "manager" }] }),
    ...(person.language === null ? {} : { languages: [{ languageCode: person.language, preference: "preferred" }] }),
    orgUnitPath: person.unit,
    customerId: world.customerId,
    includeInGlobalAddressList: true,
  };
}
