import { FULL_MAIL, GMAIL_METADATA, GMAIL_MODIFY, GMAIL_READONLY } from "../auth/scopes.ts";
import { invalidArgument, notFound } from "../google-error.ts";
import { type Answer, type Call, json, type Route } from "../http/route.ts";
import { type ChangeKind, concernsLabel, type HistoryRecord, historyResource } from "../mail/history.ts";
import type { Mailbox } from "../mail/mailbox.ts";
import type { World } from "../world.ts";
import { gmailRoute, pageSize, USER } from "./gmail-call.ts";

const CHANGE_KINDS: readonly ChangeKind[] = ["messageAdded", "messageDeleted", "labelAdded", "labelRemoved"];

export const historyRoute: Route = gmailRoute({
  id: "gmail.users.history.list",
  method: "GET",
  path: `${USER}/history`,
  scopes: [FULL_MAIL, GMAIL_METADATA, GMAIL_MODIFY, GMAIL_READONLY],
  query: ["historyTypes", "labelId", "maxResults", "pageToken", "startHistoryId"],
  units: [2, 2],
  handle: list,
});

/**
 * Changes after `startHistoryId`, oldest first. A page is cut before it is filtered, so that one may be empty and yet
 * have a next one, as with Gmail (lieer#24). Every page tells the newest id; only the last one's is a cursor.
 */
function list(call: Call, world: World, mailbox: Mailbox): Answer {
  const start = readId(call.query.get("startHistoryId"), "startHistoryId");
  const horizon = world.lag.hiddenAfter("history");
  const visible = mailbox.history.filter((record) => record.sequence <= horizon);
  const newest =
    world.lag.claimsHead() || horizon === Number.POSITIVE_INFINITY ? mailbox.historyId : lastId(visible, mailbox);
  // Too old and never issued look the same: 404.
  if (start < mailbox.horizon || start > mailbox.historyId) throw notFound();

  const token = call.query.get("pageToken");
  const from = token === null ? start : readPageToken(token, start);
  const waiting = visible.filter((record) => record.id > from);
  const page = waiting.slice(0, pageSize(call));
  const last = page.at(-1);
  const shown = page.filter(filterOf(call)).map(historyResource);
  return json({
    ...(shown.length === 0 ? {} : { history: shown }),
    ...(last !== undefined && waiting.length > page.length ? { nextPageToken: pageTokenOf(start, last.id) } : {}),
    historyId: `${clampedFrom(start, newest)}`,
  });
}

/** A lagging index never answers less than the caller knew already. */
const clampedFrom = (start: bigint, newest: bigint): bigint => (newest > start ? newest : start);

function filterOf(call: Call): (record: HistoryRecord) => boolean {
  const kinds = call.query.getAll("historyTypes");
  const unknown = kinds.find((kind) => !CHANGE_KINDS.some((known) => known === kind));
  if (unknown !== undefined) throw invalidArgument(`Invalid value at 'history_types': "${unknown}"`);
  const labelId = call.query.get("labelId");
  return (record) =>
    (kinds.length === 0 || kinds.includes(record.kind)) && (labelId === null || concernsLabel(record, labelId));
}

function lastId(visible: readonly HistoryRecord[], mailbox: Mailbox): bigint {
  return visible.at(-1)?.id ?? mailbox.horizon;
}

function readId(text: string | null, name: string): bigint {
  if (text === null) throw invalidArgument(`Missing required parameter: ${name}`);
  if (!/^\d{1,20}$/.test(text)) throw invalidArgument(`Invalid value at '${name}' (TYPE_UINT64), "${text}"`);
  return BigInt(text);
}

const pageTokenOf = (start: bigint, last: bigint): string => Buffer.from(`${start}:${last}`).toString("base64url");

function readPageToken(token: string, start: bigint): bigint {
  const [begun = "", last = ""] = Buffer.from(token, "base64url").toString("utf8").split(":");
  if (begun !== `${start}` || !/^\d+$/.test(last)) throw invalidArgument("Invalid pageToken");
  return BigInt(last);
}
