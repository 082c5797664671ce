import { type ErrorCode, isPosternError } from "../../src/core/errors.ts";
import type { Directory, DirectoryMailbox } from "../../src/core/tenant.ts";
import { readGroups } from "./directory-groups.ts";
import { readMailboxes } from "./directory-mailboxes.ts";
import { domain, organization } from "./payloads.ts";
import type { Room } from "./room.ts";

/** Answers that no later try changes: a missing right, or a service without the call. */
const DISPENSABLE: ReadonlySet<ErrorCode> = new Set(["PROVIDER_FORBIDDEN", "PROVIDER_REFUSED", "MESSAGE_NOT_FOUND"]);

/** Users, verified mail domains, managers and groups of the tenant. */
export async function readDirectory(room: Room, signal: AbortSignal): Promise<Directory> {
  const domains = await readDomains(room, signal);
  const mailboxes = await readMailboxes(room, signal);
  const { mailboxes: chosen } = room.settings;
  // Where groups may decide who is watched, an unread list would end the watch of their members.
  const isNeeded = chosen !== "all" && chosen.some((entry) => !isMailbox(entry, mailboxes));
  const groups = isNeeded
    ? await readGroups(room, signal)
    : await optional(room, "groups", () => readGroups(room, signal), []);
  return { domains, mailboxes, groups };
}

function isMailbox(entry: string, mailboxes: readonly DirectoryMailbox[]): boolean {
  const address = entry.replace(/^!/, "");
  return (
    address.startsWith("*@") ||
    mailboxes.some((mailbox) => mailbox.address === address || mailbox.aliases.includes(address))
  );
}

/** Domains that mail is received for: verified, and with the service Email where services are named at all. */
async function readDomains(room: Room, signal: AbortSignal): Promise<readonly string[]> {
  const named = await optional(room, "domains", () => fromDomains(room, signal), undefined);
  return named ?? (await fromOrganization(room, signal));
}

async function fromDomains(room: Room, signal: AbortSignal): Promise<readonly string[]> {
  const names: string[] = [];
  const call = { name: "list-domains", path: "/domains", lane: "directory" };
  for await (const page of room.graph.pages(call, domain, signal)) {
    for (const { id, isVerified, supportedServices } of page.items) {
      const services = supportedServices ?? [];
      const hasMail = services.length === 0 || services.some((service) => /^email/i.test(service));
      if (isVerified !== false && hasMail) names.push(id.toLowerCase());
    }
  }
  return names;
}

/** The same list under a right that is granted more often. */
async function fromOrganization(room: Room, signal: AbortSignal): Promise<readonly string[]> {
  const names = new Set<string>();
  const call = {
    name: "get-organization",
    path: "/organization",
    query: { $select: "verifiedDomains" },
    lane: "directory",
  };
  for await (const page of room.graph.pages(call, organization, signal)) {
    for (const entry of page.items.flatMap((item) => item.verifiedDomains ?? [])) {
      const capabilities = entry.capabilities ?? "";
      if (capabilities === "" || /email/i.test(capabilities)) names.add(entry.name.toLowerCase());
    }
  }
  return [...names];
}

/** What the directory is still useful without. */
async function optional<T, Other>(
  room: Room,
  what: string,
  read: () => Promise<T>,
  otherwise: Other,
): Promise<T | Other> {
  try {
    return await read();
  } catch (error) {
    if (!isPosternError(error) || !DISPENSABLE.has(error.code)) throw error;
    room.logger.warn({ tenant: room.tenantId, what, code: error.code }, "a part of the directory cannot be read");
    return otherwise;
  }
}
