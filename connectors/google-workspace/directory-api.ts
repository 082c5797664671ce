import type { GoogleClient } from "./client.ts";
import {
  domainsSchema,
  type GoogleGroup,
  type GoogleUser,
  groupsSchema,
  membersSchema,
  usersSchema,
} from "./payloads.ts";

/** A member of a group: an address, or all users of the customer. */
export type Member = { readonly kind: "address"; readonly address: string } | { readonly kind: "everybody" };

export interface DirectoryApi {
  users(limit?: number): Promise<readonly GoogleUser[]>;
  /** Verified domains with their aliases, lower case. */
  domains(): Promise<readonly string[]>;
  groups(limit?: number): Promise<readonly GoogleGroup[]>;
  members(group: string): Promise<readonly Member[]>;
}

/** The Admin SDK's Directory API, read as the administrator; every list with all its pages unless limited. */
export function openDirectoryApi(
  client: GoogleClient,
  who: { readonly customerId: string; readonly adminEmail: string },
  signal: AbortSignal,
): DirectoryApi {
  const as = { mailbox: who.adminEmail, purpose: "directory" } as const;
  const customer = who.customerId;

  return {
    users: (limit) =>
      pages(limit, async (page) => {
        const answer = await client.call(
          {
            name: "directory.users.list",
            as,
            shape: usersSchema,
            send: ({ directory }, options) =>
              directory.users.list({ customer, projection: "full", maxResults: limit ?? 500, ...page }, options),
          },
          signal,
        );
        return { items: answer.users, next: answer.nextPageToken };
      }),

    async domains() {
      const answer = await client.call(
        {
          name: "directory.domains.list",
          as,
          shape: domainsSchema,
          send: ({ directory }, options) => directory.domains.list({ customer }, options),
        },
        signal,
      );
      const verified = answer.domains.filter((domain) => domain.verified !== false);
      const names = verified.flatMap(({ domainName, domainAliases }) => [
        domainName,
        ...domainAliases.filter((alias) => alias.verified !== false).map((alias) => alias.domainAliasName),
      ]);
      return [...new Set(names.map((name) => name.toLowerCase()))];
    },

    groups: (limit) =>
      pages(limit, async (page) => {
        const answer = await client.call(
          {
            name: "directory.groups.list",
            as,
            shape: groupsSchema,
            send: ({ directory }, options) =>
              directory.groups.list({ customer, maxResults: limit ?? 200, ...page }, options),
          },
          signal,
        );
        return { items: answer.groups, next: answer.nextPageToken };
      }),

    members: (groupKey) =>
      pages(undefined, async (page) => {
        const answer = await client.call(
          {
            name: "directory.members.list",
            as,
            shape: membersSchema,
            send: ({ directory }, options) =>
              directory.members.list({ groupKey, includeDerivedMembership: true, maxResults: 200, ...page }, options),
          },
          signal,
        );
        return { items: answer.members.flatMap(toMember), next: answer.nextPageToken };
      }),
  };
}

function toMember({
  email,
  type,
}: {
  readonly email?: string | undefined;
  readonly type?: string | undefined;
}): Member[] {
  if (email !== undefined && email !== "") return [{ kind: "address", address: email.toLowerCase() }];
  return type === "CUSTOMER" ? [{ kind: "everybody" }] : [];
}

type PageParameter = { readonly pageToken?: string };

async function pages<Item>(
  limit: number | undefined,
  read: (page: PageParameter) => Promise<{ readonly items: readonly Item[]; readonly next: string | undefined }>,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  let page: PageParameter = {};
  for (;;) {
    const { items, next } = await read(page);
    all.push(...items);
    if (next === undefined || (limit !== undefined && all.length >= limit)) return all;
    page = { pageToken: next };
  }
}
