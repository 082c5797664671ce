import { FULL_MAIL, GMAIL_LABELS, GMAIL_METADATA, GMAIL_MODIFY, GMAIL_READONLY } from "../auth/scopes.ts";
import { notFound } from "../google-error.ts";
import { type Call, json, noContent, type Route } from "../http/route.ts";
import { makeLabel, SYSTEM_LABELS, type UserLabel, userLabel } from "../mail/labels.ts";
import { type Mailbox, relabel } from "../mail/mailbox.ts";
import type { World } from "../world.ts";
import { gmailRoute, USER } from "./gmail-call.ts";

const readScopes = [FULL_MAIL, GMAIL_LABELS, GMAIL_METADATA, GMAIL_MODIFY, GMAIL_READONLY];
const writeScopes = [FULL_MAIL, GMAIL_LABELS, GMAIL_MODIFY];
const LABEL_FIELDS = [
  "id",
  "name",
  "type",
  "color",
  "messageListVisibility",
  "labelListVisibility",
  "messagesTotal",
  "messagesUnread",
  "threadsTotal",
  "threadsUnread",
];
const ONE = `${USER}/labels/{id}`;

export const labelRoutes: readonly Route[] = [
  gmailRoute({
    id: "gmail.users.labels.list",
    method: "GET",
    path: `${USER}/labels`,
    scopes: readScopes,
    units: [1, 1],
    handle: (_call, _world, mailbox) =>
      json({ labels: [...SYSTEM_LABELS.map(systemResource), ...[...mailbox.labels.values()].map(userResource)] }),
  }),
  gmailRoute({
    id: "gmail.users.labels.get",
    method: "GET",
    path: ONE,
    scopes: readScopes,
    units: [1, 1],
    handle: (call, _world, mailbox) => {
      const id = call.params.id ?? "";
      const label = mailbox.labels.get(id);
      if (label === undefined && !SYSTEM_LABELS.includes(id)) throw notFound();
      return json({ ...(label === undefined ? systemResource(id) : userResource(label)), ...totals(mailbox, id) });
    },
  }),
  gmailRoute({
    id: "gmail.users.labels.create",
    method: "POST",
    path: `${USER}/labels`,
    scopes: writeScopes,
    body: LABEL_FIELDS,
    units: [5, 5],
    handle: (call, world, mailbox) => json(userResource(store(mailbox, `Label_${nextNumber(world)}`, call.json))),
  }),
  ...(["PUT", "PATCH"] as const).map((method) =>
    gmailRoute({
      id: method === "PUT" ? "gmail.users.labels.update" : "gmail.users.labels.patch",
      method,
      path: ONE,
      scopes: writeScopes,
      body: LABEL_FIELDS,
      units: [5, 5],
      handle: (call, _world, mailbox) => {
        const current = userLabel(mailbox.labels, call.params.id ?? "");
        const wanted = method === "PUT" ? call.json : { ...current, ...call.json };
        return json(userResource(store(mailbox, current.id, wanted)));
      },
    }),
  ),
  gmailRoute({
    id: "gmail.users.labels.delete",
    method: "DELETE",
    path: ONE,
    scopes: writeScopes,
    units: [5, 5],
    handle: (call, world, mailbox) => {
      const { id } = userLabel(mailbox.labels, call.params.id ?? "");
      mailbox.labels.delete(id);
      for (const message of mailbox.messages.values()) relabel(mailbox, world, message, { remove: [id] });
      return noContent();
    },
  }),
];

function store(mailbox: Mailbox, id: string, wanted: Call["json"]): UserLabel {
  const label = makeLabel(mailbox.labels, id, wanted);
  mailbox.labels.set(id, label);
  return label;
}

/** Label ids are never used again, not even after deletion. */
const nextNumber = (world: World): number => world.nextSequence();

const systemResource = (id: string): object => ({
  id,
  name: id,
  type: "system",
  messageListVisibility: "hide",
  labelListVisibility: "labelShow",
});

const userResource = (label: UserLabel): object => ({ ...label, type: "user" });

function totals(mailbox: Mailbox, id: string): object {
  const messages = [...mailbox.messages.values()].filter((message) => message.labels.has(id));
  const unread = messages.filter((message) => message.labels.has("UNREAD"));
  const threads = (some: typeof messages): number => new Set(some.map((message) => message.threadId)).size;
  return {
    messagesTotal: messages.length,
    messagesUnread: unread.length,
    threadsTotal: threads(messages),
    threadsUnread: threads(unread),
  };
}
