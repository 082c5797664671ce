import { randomUUID } from "node:crypto";
import { actionParameter, type Call, jsonBody, type Route } from "../call.ts";
import { badRequest, directoryObjectNotFound } from "../graph-error.ts";
import { itemOf } from "../mailbox.ts";
import { filterOf, page, selectOf } from "../query.ts";
import {
  expandGroup,
  findGroup,
  findRecipient,
  type Group,
  isInternal,
  mailboxOf,
  type Tenant,
  userOf,
} from "../tenant.ts";
import { fullJson } from "./users.ts";

const readGroups = [
  "Group.ReadBasic.All",
  "GroupMember.ReadBasic.All",
  "GroupMember.Read.All",
  "Group.Read.All",
  "Directory.Read.All",
];

/** Domains, the organization, groups, and what a mailbox says of itself and of recipients. */
export function directoryRoutes(): readonly Route[] {
  return [
    {
      method: "GET",
      path: "domains",
      roles: ["Domain.Read.All", "Directory.Read.All"],
      handle: async (call) => {
        const unverified = { id: "pending.invalid", isVerified: false, isDefault: false, supportedServices: [] };
        const domains = call.tenant.domains.map((id, index) => ({
          id,
          authenticationType: "Managed",
          isAdminManaged: true,
          isDefault: index === 0,
          isInitial: false,
          isRoot: true,
          isVerified: true,
          supportedServices: ["Email", "OfficeCommunicationsOnline"],
        }));
        return { status: 200, body: await page(call, [...domains, unverified], (domain) => domain, 100) };
      },
    },
    {
      method: "GET",
      path: "organization",
      roles: ["Organization.Read.All", "User.Read.All", "Directory.Read.All"],
      handle: ({ tenant }) => {
        const verifiedDomains = tenant.domains.map((name, index) => ({
          name,
          isDefault: index === 0,
          isInitial: false,
          type: "Managed",
        }));
        return { status: 200, body: { value: [{ id: tenant.id, displayName: tenant.domains[0], verifiedDomains }] } };
      },
    },
    {
      method: "GET",
      path: "groups",
      roles: readGroups,
      handle: async (call) => {
        const passes = filterOf(call);
        const groups = [...call.tenant.groups.values()].map(groupJson).filter(passes);
        return { status: 200, body: await page(call, groups, (group) => selected(call, group), 100) };
      },
    },
    {
      method: "GET",
      path: "groups/:id",
      roles: readGroups,
      handle: (call, { id }) => ({ status: 200, body: selected(call, groupJson(groupAt(call, id))) }),
    },
    {
      method: "GET",
      path: "groups/:id/members",
      roles: readGroups,
      handle: async (call, { id }) => {
        const members = groupAt(call, id).members.map((address) => memberJson(call, address));
        return { status: 200, body: await page(call, members, (member) => member, 100) };
      },
    },
    {
      method: "GET",
      path: "groups/:id/transitiveMembers",
      roles: readGroups,
      handle: async (call, { id }) => {
        const members = [...expandGroup(call.tenant, groupAt(call, id))].map((address) => memberJson(call, address));
        return { status: 200, body: await page(call, members, (member) => member, 100) };
      },
    },
    {
      method: "GET",
      path: "users/:user/mailboxSettings",
      roles: ["MailboxSettings.Read", "MailboxSettings.ReadWrite"],
      handle: (call, { user }) => {
        mailboxOf(call.tenant, user ?? "");
        const { purpose } = userOf(call.tenant, user ?? "");
        return {
          status: 200,
          body: { userPurpose: purpose, timeZone: "UTC", language: { locale: "en-US", displayName: "English" } },
        };
      },
    },
    {
      method: "POST",
      path: "users/:user/getMailTips",
      roles: ["MailTips.ReadBasic.All", "Mail.Read", "Mail.ReadWrite"],
      handle: mailTips,
    },
    {
      method: "POST",
      path: "users/:user/translateExchangeIds",
      roles: ["User.ReadBasic.All", "User.Read.All"],
      handle: (call, { user }) => {
        const mailbox = mailboxOf(call.tenant, user ?? "");
        const body = jsonBody(call);
        const ids = actionParameter(body, "inputIds");
        const immutable = /immutable/i.test(String(actionParameter(body, "targetIdType")));
        if (!Array.isArray(ids) || ids.length > 1000) throw badRequest("inputIds must be a list of at most 1000 ids.");
        const value = ids.map((sourceId) => {
          const item = itemOf(mailbox, String(sourceId));
          return { sourceId, targetId: immutable ? item.key : item.restId };
        });
        return { status: 200, body: { value } };
      },
    },
  ];
}

const mailTips: Route["handle"] = (call, { user }) => {
  mailboxOf(call.tenant, user ?? "");
  const addresses = actionParameter(jsonBody(call), "emailAddresses");
  if (!Array.isArray(addresses)) throw badRequest("EmailAddresses is required.");
  const value = addresses.map((given) => {
    const address = String(given).toLowerCase();
    const group = findGroup(call.tenant, address);
    const members = group ? [...expandGroup(call.tenant, group)] : [];
    return {
      emailAddress: { name: "", address },
      recipientScope: isInternal(call.tenant, address) ? "internal" : "external",
      externalMemberCount: members.filter((member) => !isInternal(call.tenant, member)).length,
      totalMemberCount: members.length,
    };
  });
  return { status: 200, body: { value } };
};

function groupAt(call: Call, id: string | undefined): Group {
  const group = call.tenant.groups.get(id ?? "");
  if (!group) throw directoryObjectNotFound(id ?? "");
  return group;
}

function groupJson(group: Group): Record<string, unknown> {
  return {
    id: group.id,
    displayName: group.displayName,
    mail: group.address,
    mailEnabled: true,
    securityEnabled: false,
    groupTypes: [],
    proxyAddresses: [`SMTP:${group.address}`],
  };
}

/** Members outside the tenant are contacts of the organization; they get an id when they are first shown. */
const contactIds = new WeakMap<Tenant, Map<string, string>>();

function memberJson(call: Call, address: string): object {
  const user = findRecipient(call.tenant, address);
  if (user) return { "@odata.type": "#microsoft.graph.user", ...selected(call, fullJson(user)) };
  const group = findGroup(call.tenant, address);
  if (group) return { "@odata.type": "#microsoft.graph.group", ...selected(call, groupJson(group)) };
  const ids = contactIds.get(call.tenant) ?? new Map<string, string>();
  contactIds.set(call.tenant, ids);
  const id = ids.get(address) ?? randomUUID();
  ids.set(address, id);
  return {
    "@odata.type": "#microsoft.graph.orgContact",
    ...selected(call, { id, displayName: address, mail: address, proxyAddresses: [`SMTP:${address}`] }),
  };
}

/** `$select` on members of mixed kinds: a kind without the property leaves it out. */
function selected(call: Call, all: Record<string, unknown>): Record<string, unknown> {
  const select = selectOf(call);
  if (!select) return all;
  return Object.fromEntries(["id", ...select].filter((name) => name in all).map((name) => [name, all[name]]));
}
