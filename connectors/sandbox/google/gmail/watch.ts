import { FULL_MAIL, GMAIL_COMPOSE, GMAIL_METADATA, GMAIL_MODIFY, GMAIL_READONLY } from "../auth/scopes.ts";
import { failedPrecondition, forbidden, invalidArgument, notFound } from "../google-error.ts";
import { type Answer, type Call, json, noContent, type Route } from "../http/route.ts";
import { SYSTEM_LABELS } from "../mail/labels.ts";
import type { Mailbox, MailboxWatch } from "../mail/mailbox.ts";
import { GMAIL_PUBLISHER } from "../pubsub/topics.ts";
import type { World } from "../world.ts";
import { gmailRoute, stringList, USER } from "./gmail-call.ts";

const WATCH_LIFETIME_MS = 7 * 86_400_000;
const scopes = [FULL_MAIL, GMAIL_METADATA, GMAIL_MODIFY, GMAIL_READONLY];

export const watchRoutes: readonly Route[] = [
  gmailRoute({
    id: "gmail.users.watch",
    method: "POST",
    path: `${USER}/watch`,
    scopes,
    body: ["topicName", "labelIds", "labelFilterBehavior", "labelFilterAction"],
    units: [100, 100],
    handle: watch,
  }),
  gmailRoute({
    id: "gmail.users.stop",
    method: "POST",
    path: `${USER}/stop`,
    scopes,
    units: [50, 50],
    handle: (_call, _world, mailbox) => {
      mailbox.watch = null;
      return noContent();
    },
  }),
  gmailRoute({
    id: "gmail.users.getProfile",
    method: "GET",
    path: `${USER}/profile`,
    scopes: [...scopes, GMAIL_COMPOSE],
    units: [1, 1],
    handle: (_call, _world, mailbox) =>
      json({
        emailAddress: mailbox.address,
        messagesTotal: mailbox.messages.size,
        threadsTotal: new Set([...mailbox.messages.values()].map((message) => message.threadId)).size,
        historyId: `${mailbox.historyId}`,
      }),
  }),
];

/** Registers or renews, and sends one notification at once. */
function watch(call: Call, world: World, mailbox: Mailbox): Answer {
  const topic = `${call.json.topicName ?? ""}`;
  checkTopic(world, topic);
  const current = mailbox.watch;
  const isAlive = current !== null && current.expiresAt.getTime() > world.clock().getTime();
  if (isAlive && current.topic !== topic) {
    throw failedPrecondition(
      "Only one user push notification client allowed per developer (call /stop then try again)",
    );
  }
  const labelIds = stringList(call, "labelIds");
  const unknown = labelIds.find((label) => !SYSTEM_LABELS.includes(label) && !mailbox.labels.has(label));
  if (unknown !== undefined) throw invalidArgument(`Invalid label: ${unknown}`);
  const expiresAt = new Date(world.clock().getTime() + WATCH_LIFETIME_MS);
  mailbox.watch = { topic, labelIds, behaviour: readBehaviour(call.json.labelFilterBehavior), expiresAt };
  world.broker.publishChange(topic, mailbox.address, mailbox.historyId);
  return json({ historyId: `${mailbox.historyId}`, expiration: `${expiresAt.getTime()}` });
}

function checkTopic(world: World, name: string): void {
  if (!name.startsWith(`projects/${world.project}/topics/`)) {
    throw invalidArgument(`Invalid topicName does not match projects/${world.project}/topics/*`);
  }
  const failure = `Error sending test message to Cloud PubSub ${name} :`;
  const topic = world.broker.topics.get(name);
  if (topic === undefined) throw notFound(`${failure} Resource not found (resource=${name.split("/").at(-1)}).`);
  if (!topic.publishers.has(GMAIL_PUBLISHER)) throw forbidden(`${failure} User not authorized to perform this action.`);
}

/** The discovery document writes the values in lower case, Google's guide in upper case; both are taken. */
function readBehaviour(value: unknown): MailboxWatch["behaviour"] {
  if (value === undefined || value === null) return null;
  const behaviour = `${value}`.toLowerCase();
  if (behaviour === "include" || behaviour === "exclude") return behaviour;
  throw invalidArgument("Invalid value at 'label_filter_behavior'");
}
