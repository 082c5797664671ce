import { FULL_MAIL, GMAIL_MODIFY, GMAIL_READONLY, GMAIL_SETTINGS } from "../auth/scopes.ts";
import { notFound } from "../google-error.ts";
import { json, type Route } from "../http/route.ts";
import type { Mailbox } from "../mail/mailbox.ts";
import { findPerson } from "../people.ts";
import type { World } from "../world.ts";
import { gmailRoute, USER } from "./gmail-call.ts";

const scopes = [FULL_MAIL, GMAIL_MODIFY, GMAIL_READONLY, GMAIL_SETTINGS];
const SETTINGS = `${USER}/settings`;

export const settingsRoutes: readonly Route[] = [
  gmailRoute({
    id: "gmail.users.settings.sendAs.list",
    method: "GET",
    path: `${SETTINGS}/sendAs`,
    scopes,
    units: [1, 1],
    handle: (_call, world, mailbox) => json({ sendAs: sendAsOf(world, mailbox) }),
  }),
  gmailRoute({
    id: "gmail.users.settings.sendAs.get",
    method: "GET",
    path: `${SETTINGS}/sendAs/{sendAsEmail}`,
    scopes,
    units: [1, 1],
    handle: (call, world, mailbox) => {
      const found = sendAsOf(world, mailbox).find(({ sendAsEmail }) => sendAsEmail === call.params.sendAsEmail);
      if (found === undefined) throw notFound();
      return json(found);
    },
  }),
  gmailRoute({
    id: "gmail.users.settings.getAutoForwarding",
    method: "GET",
    path: `${SETTINGS}/autoForwarding`,
    scopes,
    units: [1, 1],
    handle: () => json({ enabled: false }),
  }),
  gmailRoute({
    id: "gmail.users.settings.forwardingAddresses.list",
    method: "GET",
    path: `${SETTINGS}/forwardingAddresses`,
    scopes,
    units: [1, 1],
    handle: () => json({}),
  }),
];

interface SendAs {
  readonly sendAsEmail: string;
  readonly displayName: string;
  readonly isPrimary?: boolean;
  readonly isDefault?: boolean;
  readonly treatAsAlias?: boolean;
  readonly verificationStatus?: string;
}

function sendAsOf(world: World, mailbox: Mailbox): readonly SendAs[] {
  const person = findPerson(world.people, mailbox.address);
  const displayName = person?.name ?? "";
  return [
    { sendAsEmail: mailbox.address, displayName, isPrimary: true, isDefault: true },
    ...(person?.aliases ?? []).map((alias) => ({
      sendAsEmail: alias,
      displayName,
      treatAsAlias: true,
      verificationStatus: "accepted",
    })),
  ];
}
