import { FULL_MAIL, GMAIL_METADATA, GMAIL_MODIFY, GMAIL_READONLY } from "../auth/scopes.ts";
import { forbidden, invalidArgument } from "../google-error.ts";
import { type Answer, type Call, json, type Route } from "../http/route.ts";
import type { Mailbox, StoredMessage } from "../mail/mailbox.ts";
import { messageReference } from "../mail/message-view.ts";
import { parseQuery } from "../mail/search.ts";
import type { World } from "../world.ts";
import { gmailRoute, pageSize, USER } from "./gmail-call.ts";

export const messageListRoute: Route = gmailRoute({
  id: "gmail.users.messages.list",
  method: "GET",
  path: `${USER}/messages`,
  scopes: [FULL_MAIL, GMAIL_METADATA, GMAIL_MODIFY, GMAIL_READONLY],
  query: ["includeSpamTrash", "labelIds", "maxResults", "pageToken", "q"],
  units: [5, 5],
  handle: (call, world, mailbox) => {
    const found = searchMessages(call, world, mailbox);
    return page(call, found);
  },
});

/**
 * What `labelIds`, `q` and `includeSpamTrash` ask for, newest first.
 * @throws GoogleError 403 for `q` with a token that holds gmail.metadata, whatever else it holds.
 */
export function searchMessages(call: Call, world: World, mailbox: Mailbox): readonly StoredMessage[] {
  const text = call.query.get("q");
  // Even an empty `q` is refused (bytechef#5394).
  if (text !== null && call.principal.scopes.includes(GMAIL_METADATA)) {
    throw forbidden("Metadata scope does not support 'q' parameter");
  }
  const query = parseQuery(mailbox, text ?? "");
  // Only the search index lags; listing by label does not.
  const horizon = text === null || text === "" ? Number.POSITIVE_INFINITY : world.lag.hiddenAfter("search");
  const labelIds = call.query.getAll("labelIds");
  const all =
    call.query.get("includeSpamTrash") === "true" ||
    query.includesSpamTrash ||
    labelIds.includes("TRASH") ||
    labelIds.includes("SPAM");
  return [...mailbox.messages.values()]
    .filter((message) => message.sequence <= horizon)
    .filter((message) => labelIds.every((label) => message.labels.has(label)))
    .filter((message) => all || !(message.labels.has("TRASH") || message.labels.has("SPAM")))
    .filter(query.matches)
    .sort(newestFirst);
}

function page(call: Call, found: readonly StoredMessage[]): Answer {
  const size = pageSize(call);
  const rest = after(found, call.query.get("pageToken"));
  const shown = rest.slice(0, size);
  const last = shown.at(-1);
  return json({
    ...(shown.length === 0 ? {} : { messages: shown.map(messageReference) }),
    ...(last !== undefined && rest.length > size ? { nextPageToken: tokenOf(last) } : {}),
    resultSizeEstimate: found.length,
  });
}

/** Pages go on behind the last message shown, so that new mail neither repeats nor hides any. */
function after(found: readonly StoredMessage[], token: string | null): readonly StoredMessage[] {
  if (token === null) return found;
  const [internalDate = "", id = ""] = Buffer.from(token, "base64url").toString("utf8").split(":");
  if (!/^-?\d+$/.test(internalDate) || id === "") throw invalidArgument("Invalid pageToken");
  const last = { internalDate: Number(internalDate), id };
  return found.filter((message) => newestFirst(last, message) < 0);
}

const tokenOf = (message: StoredMessage): string =>
  Buffer.from(`${message.internalDate}:${message.id}`).toString("base64url");

type Place = Pick<StoredMessage, "internalDate" | "id">;

function newestFirst(a: Place, b: Place): number {
  return b.internalDate - a.internalDate || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}
