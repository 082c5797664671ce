import { failedPrecondition, forbidden, invalidArgument, notFound } from "../google-error.ts";
import type { Answer, Call, Route } from "../http/route.ts";
import type { Mailbox, StoredMessage } from "../mail/mailbox.ts";
import { findPerson } from "../people.ts";
import { usableMailbox, type World } from "../world.ts";

/** Where every Gmail method lives. */
export const USER = "/gmail/v1/users/{userId}";

const DEFAULT_PAGE = 100;
const LARGEST_PAGE = 500;

type GmailHandler = (call: Call, world: World, mailbox: Mailbox) => Answer | Promise<Answer>;

/** A route below a user: finds the mailbox that the token's person may use, and only that one. */
export function gmailRoute(route: Omit<Route, "handle"> & { readonly handle: GmailHandler }): Route {
  return { ...route, handle: (call, world) => route.handle(call, world, ownMailbox(call, world)) };
}

/**
 * @throws GoogleError 400 without a usable mailbox (a service account that impersonates nobody, a suspended person, no
 * Gmail licence), 403 for somebody else's.
 */
function ownMailbox(call: Call, world: World): Mailbox {
  const { subject } = call.principal;
  if (subject === null) throw failedPrecondition("Precondition check failed.");
  const userId = call.params.userId ?? "me";
  if (userId !== "me" && findPerson(world.people, userId)?.address !== subject) {
    throw forbidden(`Delegation denied for ${subject}`);
  }
  const mailbox = usableMailbox(world, subject);
  if (mailbox === undefined) throw failedPrecondition("Mail service not enabled");
  return mailbox;
}

/** @throws GoogleError 404 for an unknown message, and for one too fresh for a lagging index. */
export function existingMessage(call: Call, world: World, mailbox: Mailbox, id = call.params.id): StoredMessage {
  const message = mailbox.messages.get(id ?? "");
  if (message === undefined || message.sequence > world.lag.hiddenAfter("get")) throw notFound();
  return message;
}

/** `maxResults`, 100 when it is missing, cut to 500. */
export function pageSize(call: Call): number {
  const wanted = call.query.get("maxResults");
  if (wanted === null) return DEFAULT_PAGE;
  if (!/^\d+$/.test(wanted)) throw invalidArgument("Invalid value at 'max_results'");
  return Math.min(Number(wanted) === 0 ? DEFAULT_PAGE : Number(wanted), LARGEST_PAGE);
}

/** A list of strings of a JSON body; empty when it is missing. */
export function stringList(call: Call, name: string): readonly string[] {
  const value = call.json[name];
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value as string[];
  throw invalidArgument(`Invalid value at '${name}' (TYPE_STRING)`);
}
