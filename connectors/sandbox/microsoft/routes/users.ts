import { randomBytes } from "node:crypto";
import { type Call, linkTo, type Route } from "../call.ts";
import { directoryObjectNotFound, GraphError } from "../graph-error.ts";
import { filterOf, page, pageSize, selectOf } from "../query.ts";
import { findGroup, findRecipient, type Tenant, type User, userOf } from "../tenant.ts";

const readUsers = ["User.ReadBasic.All", "User.Read.All", "Directory.Read.All"];
const readAll = ["User.Read.All", "Directory.Read.All"];

/** Users, their managers, and the delta query of the directory. */
export function userRoutes(): readonly Route[] {
  const tokens = new Map<string, DirectoryPosition>();
  return [
    {
      method: "GET",
      path: "users",
      roles: readUsers,
      handle: async (call) => {
        const passes = filterOf(call);
        const users = [...call.tenant.users.values()].filter((user) => passes(fullJson(user)));
        return { status: 200, body: await page(call, users, (user) => show(call, user), 100) };
      },
    },
    {
      method: "GET",
      path: "users/delta",
      roles: readAll,
      handle: (call) => ({ status: 200, body: usersDelta(call, tokens) }),
    },
    {
      method: "GET",
      path: "users/:user",
      roles: readUsers,
      handle: (call, { user }) => ({ status: 200, body: show(call, userOf(call.tenant, user ?? "")) }),
    },
    {
      method: "GET",
      path: "users/:user/manager",
      roles: readAll,
      handle: (call, { user }) => {
        const manager = managerOf(call.tenant, userOf(call.tenant, user ?? ""));
        if (!manager) throw directoryObjectNotFound("manager");
        return { status: 200, body: { "@odata.type": "#microsoft.graph.user", ...show(call, manager) } };
      },
    },
    {
      method: "GET",
      path: "users/:user/transitiveMemberOf",
      roles: readAll,
      handle: async (call, { user }) => {
        const { address } = userOf(call.tenant, user ?? "");
        const groups = [...call.tenant.groups.values()].filter((group) =>
          containsDeep(call.tenant, group.id, address, new Set()),
        );
        const showGroup = (group: { readonly id: string; readonly displayName: string; readonly address: string }) => ({
          "@odata.type": "#microsoft.graph.group",
          id: group.id,
          displayName: group.displayName,
          mail: group.address,
        });
        return { status: 200, body: await page(call, groups, showGroup, 100) };
      },
    },
  ];
}

/** Shown when there is no `$select`. */
const standardProperties = [
  "displayName",
  "givenName",
  "surname",
  "jobTitle",
  "mail",
  "officeLocation",
  "userPrincipalName",
];

/** A user as the directory shows it, with the manager when `$expand` asks. */
function show(call: Call, user: User): object {
  const all = fullJson(user);
  const names = selectOf(call) ?? standardProperties;
  const shown: Record<string, unknown> = { id: user.id };
  for (const name of names) {
    if (name === "manager") shown.manager = managerJson(call.tenant, user);
    else if (name in all) shown[name] = all[name];
    else
      throw new GraphError(
        400,
        "Request_BadRequest",
        `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type 'microsoft.graph.user'.`,
      );
  }
  if (/^manager\b/.test(call.query.get("$expand") ?? "")) shown.manager = managerJson(call.tenant, user);
  return shown;
}

export function fullJson(user: User): Record<string, unknown> {
  const [first = "", ...others] = user.displayName.split(" ");
  return {
    id: user.id,
    displayName: user.displayName,
    givenName: first,
    surname: others.join(" "),
    jobTitle: null,
    officeLocation: null,
    department: null,
    mail: user.address,
    mailNickname: user.address.split("@")[0],
    userPrincipalName: user.address,
    proxyAddresses: [`SMTP:${user.address}`, ...user.aliases.map((alias) => `smtp:${alias}`)],
    accountEnabled: user.enabled,
    userType: "Member",
    assignedPlans: user.usable
      ? [{ capabilityStatus: "Enabled", service: "exchange", servicePlanId: "efb87545-963c-4e0d-99df-69c6916d9eb0" }]
      : [],
    otherMails: [],
    usageLocation: null,
    preferredLanguage: user.language,
  };
}

function managerOf(tenant: Tenant, user: User): User | undefined {
  return user.manager === null ? undefined : findRecipient(tenant, user.manager);
}

function managerJson(tenant: Tenant, user: User): object | null {
  const manager = managerOf(tenant, user);
  if (!manager) return null;
  const { id, displayName, mail, userPrincipalName } = fullJson(manager);
  return { "@odata.type": "#microsoft.graph.user", id, displayName, mail, userPrincipalName };
}

function containsDeep(tenant: Tenant, groupId: string, address: string, seen: Set<string>): boolean {
  if (seen.has(groupId)) return false;
  seen.add(groupId);
  return (tenant.groups.get(groupId)?.members ?? []).some((member) => {
    if (findRecipient(tenant, member)?.address === address) return true;
    const nested = findGroup(tenant, member);
    return nested !== undefined && containsDeep(tenant, nested.id, address, seen);
  });
}

/** Where a directory delta stands: ids still to be shown in this round, and the history that is told. */
interface DirectoryPosition {
  readonly rest: readonly string[] | undefined;
  readonly seq: number;
  readonly query: URLSearchParams;
}

function usersDelta(call: Call, tokens: Map<string, DirectoryPosition>): object {
  const { tenant, query } = call;
  const history = tenant.userHistory;
  const given = query.get("$skiptoken") ?? query.get("$deltatoken") ?? query.get("$deltaToken");
  let position: DirectoryPosition;
  if (given === null) position = { rest: [...tenant.users.keys()], seq: history.length, query };
  else if (given === "latest") position = { rest: [], seq: history.length, query };
  else {
    const known = tokens.get(given);
    if (!known) throw new GraphError(410, "syncStateNotFound", "The sync state is not found.");
    position = known;
  }
  const ids = position.rest ?? [...new Set(history.slice(position.seq))];
  const seq = position.rest ? position.seq : history.length;
  const baked: Call = { ...call, query: position.query };
  const size = pageSize(baked, 200);
  const value = ids.slice(0, size).map((id) => {
    const user = tenant.users.get(id);
    return user ? show(baked, user) : { id, "@removed": { reason: "changed" } };
  });
  const rest = ids.slice(size);
  const more = rest.length > 0;
  const token = randomBytes(24).toString("base64url");
  tokens.set(token, { rest: more ? rest : undefined, seq, query: position.query });
  return {
    "@odata.context": `${call.graphUrl}/${call.version}/$metadata#users`,
    value,
    [more ? "@odata.nextLink" : "@odata.deltaLink"]: linkTo(
      call,
      new URLSearchParams({ [more ? "$skiptoken" : "$deltatoken"]: token }),
    ),
  };
}
