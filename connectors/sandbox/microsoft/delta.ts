import { randomBytes } from "node:crypto";
import { type Call, linkTo } from "./call.ts";
import { badRequest, GraphError } from "./graph-error.ts";
import type { Item } from "./item.ts";
import { type Change, itemsIn, type Mailbox } from "./mailbox.ts";
import { messageJson } from "./message-json.ts";
import { pageSize, viewOf } from "./query.ts";

/** A filtered first round ends after this many messages, without saying so (message: delta). */
const filteredCap = 5000;
/** The service's cache of tokens is finite too; the oldest go first and answer 410. */
const tokenLimit = 20_000;
const standardPageSize = 10;

/** Everything that the first call asked for; all of it is baked into the tokens. */
interface Round {
  readonly mailbox: Mailbox;
  readonly folderId: string;
  readonly query: URLSearchParams;
  readonly since: Date | null;
  readonly changeType: string | null;
}

type Entry = { readonly kind: "item"; readonly key: string } | { readonly kind: "removed"; readonly id: string };

interface Position {
  readonly round: Round;
  /** Entries of this round that are still to come; undefined in a deltaLink: compute them. */
  readonly rest: readonly Entry[] | undefined;
  /** Changes up to this one are told or are in `rest`. */
  readonly seq: number;
}

/** Delta tokens that the service still knows. */
export type DeltaTokens = Map<string, Position>;

/** Answers one call of `messages/delta`: a page with a nextLink, or the last one with a deltaLink. */
export async function deltaPage(call: Call, tokens: DeltaTokens, mailbox: Mailbox, folderId: string): Promise<object> {
  const known = call.query.get("$skiptoken") ?? call.query.get("$deltatoken");
  const position = known === null ? first(call, mailbox, folderId) : resume(call, tokens, known, mailbox, folderId);
  const { round } = position;
  const baked: Call = { ...call, query: round.query };
  const immutable = viewOf(call).immutable;
  const entries = position.rest ?? changesSince(round, position.seq, immutable, call.tenant.quirks.deltaLosesMovedBack);
  const seq = position.rest ? position.seq : mailbox.history.length;

  const startsEmpty = known === null && call.tenant.quirks.emptyFirstDeltaPage;
  const size = startsEmpty ? 0 : pageSize(baked, standardPageSize);
  const value = (await Promise.all(entries.slice(0, size).map((entry) => show(call, round, entry)))).flat();
  const rest = entries.slice(size);
  const more = rest.length > 0 || startsEmpty;
  const token = remember(tokens, { round, seq, rest: more ? rest : undefined });
  return {
    "@odata.context": `${call.graphUrl}/${call.version}/$metadata#Collection(message)`,
    value,
    [more ? "@odata.nextLink" : "@odata.deltaLink"]: linkTo(
      call,
      new URLSearchParams({ [more ? "$skiptoken" : "$deltatoken"]: token }),
    ),
  };
}

function first(call: Call, mailbox: Mailbox, folderId: string): Position {
  const { query } = call;
  for (const name of ["$search", "$skip"]) {
    if (query.has(name)) throw badRequest(`The query parameter '${name}' is not supported with change tracking.`);
  }
  const orderby = query.get("$orderby");
  if (orderby !== null && !/^receivedDateTime(\s+desc)?$/i.test(orderby)) {
    throw badRequest("Only $orderby=receivedDateTime desc is supported with change tracking.");
  }
  const changeType = query.get("changeType");
  if (changeType !== null && !/^(created|updated|deleted)$/.test(changeType)) throw badRequest("Invalid changeType.");
  const round: Round = { mailbox, folderId, query, since: sinceOf(query.get("$filter")), changeType };
  const seq = mailbox.history.length;
  if (changeType === "deleted" || changeType === "updated") return { round, seq, rest: [] };

  const items = itemsIn(mailbox, folderId)
    .filter((item) => passes(round, item))
    .sort((a, b) => b.receivedAt.getTime() - a.receivedAt.getTime());
  const entries = items.map((item): Entry => ({ kind: "item", key: item.key }));
  return { round, seq, rest: round.since ? entries.slice(0, filteredCap) : entries };
}

/** @throws GraphError 410 SyncStateNotFound, with the address that starts anew. */
function resume(call: Call, tokens: DeltaTokens, token: string, mailbox: Mailbox, folderId: string): Position {
  const position = tokens.get(token);
  if (position && position.round.mailbox === mailbox && position.round.folderId === folderId) return position;
  throw new GraphError(
    410,
    "SyncStateNotFound",
    "The sync state generation is not found; generation=149;[highest=157]",
    {
      Location: linkTo(call, new URLSearchParams({ $deltatoken: "" })),
    },
  );
}

function remember(tokens: DeltaTokens, position: Position): string {
  const token = randomBytes(24).toString("base64url");
  tokens.set(token, position);
  const oldest = tokens.keys().next().value;
  if (tokens.size > tokenLimit && oldest !== undefined) tokens.delete(oldest);
  return token;
}

/**
 * What a client must be told after `seq`, each id once. With default ids a move away and back is a removal and a new id;
 * with immutable ids the service loses the return (quirk `deltaLosesMovedBack`).
 */
function changesSince(round: Round, seq: number, immutable: boolean, losesMovedBack: boolean): readonly Entry[] {
  const { mailbox, folderId, changeType } = round;
  const byId = new Map<string, Change[]>();
  for (const change of mailbox.history.slice(seq)) {
    if (change.folderId !== folderId) continue;
    const id = immutable ? change.key : change.restId;
    byId.set(id, [...(byId.get(id) ?? []), change]);
  }
  const entries: Entry[] = [];
  for (const [id, changes] of byId) {
    const begin = changes[0];
    if (!begin) continue;
    const item = mailbox.items.get(begin.key);
    const present = item !== undefined && item.folderId === folderId && (immutable || item.restId === id);
    const wasPresent = begin.kind !== "entered";
    const lost = wasPresent && losesMovedBack && changes.some((change) => change.kind === "left");
    if (!present || lost) {
      if (changeType === null || changeType === "deleted") entries.push({ kind: "removed", id });
      continue;
    }
    const kind = wasPresent ? "updated" : "created";
    if ((changeType === null || changeType === kind) && passes(round, item))
      entries.push({ kind: "item", key: begin.key });
  }
  return entries;
}

async function show(call: Call, round: Round, entry: Entry): Promise<readonly object[]> {
  // mail items that left a folder are reported as "deleted", also when they only moved
  if (entry.kind === "removed") return [{ "@removed": { reason: "deleted" }, id: entry.id }];
  const item = round.mailbox.items.get(entry.key);
  // It left after this round was drawn up: the next round reports the removal.
  if (!item || item.folderId !== round.folderId) return [];
  return [await messageJson(round.mailbox, item, viewOf({ ...call, query: round.query }))];
}

function passes(round: Round, item: Item): boolean {
  return round.since === null || item.receivedAt >= round.since;
}

function sinceOf(filter: string | null): Date | null {
  if (filter === null) return null;
  const match = /^\s*receivedDateTime\s+(ge|gt)\s+(\S+)\s*$/i.exec(filter);
  const at = new Date(match?.[2] ?? "");
  if (!match || Number.isNaN(at.getTime())) {
    throw badRequest("Only $filter=receivedDateTime ge or gt a time is supported with change tracking.");
  }
  return match[1]?.toLowerCase() === "gt" ? new Date(at.getTime() + 1) : at;
}
