import { isPosternError, type PosternError } from "../../src/core/errors.ts";
import type { TenantCheck, TenantMode } from "../../src/core/tenant.ts";
import { probeMailbox } from "./checks-mailbox.ts";
import { noteRights, type RightsNotes, withNotes } from "./checks-rights.ts";
import { neededPermissions } from "./consent.ts";
import { folderPath, messagePath, userPath } from "./paths.ts";
import { analyzedEmail, domain, group, message, subscription, user } from "./payloads.ts";
import { type Room, userOf } from "./room.ts";

/** An id that no message has. Graph judges the right before it looks, so 404 or 400 says that the right is there. */
const NOBODY = "AAMkPosternProbe";

interface Remedy {
  readonly missing: string;
  readonly grant: string;
}

const TOKEN_REMEDY: Remedy = {
  missing: "admin consent",
  grant: "Check tenant id, client id and credential, and let an administrator of the tenant grant consent.",
};
/** By AADSTS number: learn.microsoft.com/entra/identity-platform/reference-error-codes. */
const TOKEN_REMEDIES: Readonly<Record<string, Remedy>> = {
  "90002": {
    missing: "the right tenant id",
    grant: "Check the tenant id: there is no directory with it in this cloud.",
  },
  "700016": {
    missing: "the application in this tenant",
    grant: "Check the client id, or let an administrator of the tenant grant consent to the application.",
  },
  "700027": {
    missing: "a known certificate",
    grant: "Upload the certificate to the application's registration.",
  },
  "7000215": {
    missing: "a valid client secret",
    grant: "The client secret is wrong: store the value (not the id) of a client secret of the application.",
  },
  "7000222": {
    missing: "a client secret that has not expired",
    grant: "The client secret has expired: create another one and store it.",
  },
};

interface Probe {
  readonly name: string;
  /** The application permission that the call needs. */
  readonly permission: string;
  readonly run: (signal: AbortSignal) => Promise<unknown>;
}

/**
 * Tries every call that the mode needs, once, changing nothing. What a token's `roles` say decides nothing: rights that
 * Exchange grants (RBAC for Applications) are not in it; it is only noted (checks-rights.ts).
 */
export async function checkTenant(
  room: Room,
  token: (signal: AbortSignal) => Promise<string>,
  mode: TenantMode,
  signal: AbortSignal,
): Promise<readonly TenantCheck[]> {
  let rights: RightsNotes | undefined;
  const run = async (during: AbortSignal): Promise<void> => {
    rights = noteRights(await token(during), neededPermissions({ ...room.settings, mode }));
  };
  const access = await tried({ name: "token", permission: TOKEN_REMEDY.missing, run }, signal);
  if (!access.ok) return [access];
  const checks = [access];
  for (const probe of directoryProbes(room)) checks.push(await tried(probe, signal));
  const mailbox = await probeMailbox(room, signal);
  if (mailbox === undefined) return withNotes([...checks, noMailbox()], rights);
  const probes =
    mode === "respond" ? [...readProbes(room, mailbox), ...writeProbes(room, mailbox)] : readProbes(room, mailbox);
  const asked = mode === "respond" && room.settings.capabilities?.defender === true ? [defenderProbe(room)] : [];
  for (const probe of [...probes, ...asked]) checks.push(await tried(probe, signal));
  if (mode === "respond" && room.settings.serviceMailbox === undefined) checks.push(noServiceMailbox());
  return withNotes(checks, rights);
}

function directoryProbes(room: Room): readonly Probe[] {
  const listed = { lane: "directory", query: { $top: "1" } };
  return [
    {
      name: "users",
      permission: "User.Read.All",
      run: (signal) => firstPage(room.graph.pages({ ...listed, name: "check-users", path: "/users" }, user, signal)),
    },
    {
      name: "domains",
      permission: "Domain.Read.All",
      run: (signal) =>
        firstPage(room.graph.pages({ ...listed, name: "check-domains", path: "/domains" }, domain, signal)),
    },
    {
      name: "groups",
      permission: "GroupMember.Read.All",
      run: (signal) => firstPage(room.graph.pages({ ...listed, name: "check-groups", path: "/groups" }, group, signal)),
    },
  ];
}

function readProbes(room: Room, mailbox: string): readonly Probe[] {
  return [
    {
      name: "read-message",
      permission: "Mail.Read",
      run: async (signal) => {
        const path = `${folderPath(mailbox, "sentitems")}/messages`;
        const query = { $select: "id,subject", $top: "1" };
        await firstPage(room.graph.pages({ name: "check-read", path, query, lane: mailbox }, message, signal));
        await missingIsFine(
          room.graph.send(
            { name: "check-mime", path: `${messagePath(mailbox, NOBODY)}/$value`, lane: mailbox },
            signal,
          ),
        );
      },
    },
    {
      name: "subscriptions",
      permission: "Mail.Read",
      run: (signal) =>
        missingIsFine(
          firstPage(
            room.graph.pages(
              { name: "check-subscriptions", path: "/subscriptions", lane: "subscriptions" },
              subscription,
              signal,
            ),
          ),
        ),
    },
  ];
}

function writeProbes(room: Room, mailbox: string): readonly Probe[] {
  const { serviceMailbox } = room.settings;
  const change = (name: string, method: "POST" | "PATCH", path: string, body?: unknown) => (signal: AbortSignal) =>
    missingIsFine(
      room.graph.send({ name, method, path, lane: mailbox, ...(body === undefined ? {} : { body }) }, signal),
    );
  const nobody = messagePath(mailbox, NOBODY);
  const category = `${userPath(mailbox)}/outlook/masterCategories/00000000-0000-0000-0000-000000000000`;
  return [
    {
      name: "change-message",
      permission: "Mail.ReadWrite",
      run: change("check-change", "POST", `${nobody}/move`, { destinationId: "deleteditems" }),
    },
    {
      name: "categories",
      permission: "MailboxSettings.ReadWrite",
      run: change("check-categories", "PATCH", category, { color: "preset0" }),
    },
    {
      name: "send",
      permission: "Mail.Send",
      run: async (signal) => {
        const sender = serviceMailbox === undefined ? mailbox : await userOf(room, serviceMailbox);
        await change("check-send", "POST", `${messagePath(sender, NOBODY)}/send`)(signal);
      },
    },
  ];
}

/** Reading only: an order of no mail would stand in the tenant's action centre each time. */
function defenderProbe(room: Room): Probe {
  const path = "/security/collaboration/analyzedEmails";
  const call = { name: "check-defender", path, query: { $top: "1" }, lane: "defender" };
  return {
    name: "defender",
    permission: "SecurityAnalyzedMessage.ReadWrite.All",
    run: (signal) => firstPage(room.graph.pages(call, analyzedEmail, signal)),
  };
}

async function tried(probe: Probe, signal: AbortSignal): Promise<TenantCheck> {
  try {
    await probe.run(signal);
    return { name: probe.name, ok: true, missing: null, grant: null };
  } catch (error) {
    signal.throwIfAborted();
    if (!isPosternError(error)) throw error;
    return { name: probe.name, ok: false, ...remedy(probe, error) };
  }
}

function remedy(probe: Probe, error: PosternError): Remedy {
  const { permission } = probe;
  if (probe.name === "token" && error.code === "PROVIDER_UNAUTHORIZED") {
    return TOKEN_REMEDIES[String(error.details.reason)] ?? TOKEN_REMEDY;
  }
  if (error.code === "MAILBOX_UNAVAILABLE") {
    return { missing: "a mailbox", grant: "Name a mailbox that exists in Exchange Online." };
  }
  if (error.code === "PROVIDER_FORBIDDEN" || error.code === "PROVIDER_UNAUTHORIZED") {
    return {
      missing: permission,
      grant: `Grant the application permission ${permission} (or its Exchange role for the mailboxes) and wait for up to two hours.`,
    };
  }
  return {
    missing: `an answer (${error.code})`,
    grant: "Nothing is known to be missing; check again in a few minutes.",
  };
}

/** A check that only the service mailbox's absence fails. */
function noServiceMailbox(): TenantCheck {
  return {
    name: "service-mailbox",
    ok: false,
    missing: "serviceMailbox",
    grant: "Name a mailbox of the tenant as `serviceMailbox`, or one among `dlp.managers`: it sends the notices.",
  };
}

function noMailbox(): TenantCheck {
  return {
    name: "read-message",
    ok: false,
    missing: "a mailbox",
    grant: "Give one of the chosen people an Exchange Online mailbox, or choose others.",
  };
}

async function firstPage(pages: AsyncIterable<unknown>): Promise<void> {
  for await (const _page of pages) return;
}

async function missingIsFine(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isPosternError(error, "MESSAGE_NOT_FOUND") && !isPosternError(error, "PROVIDER_REFUSED")) throw error;
  }
}
