import { isPosternError } from "../../src/core/errors.ts";
import type { MessageRef, Stage } from "../../src/core/message.ts";
import type { Changes, ChangesRequest, Clock } from "../../src/core/ports.ts";
import type { Gmail } from "./gmail-mailbox.ts";
import { laterCursor } from "./history-cursor.ts";
import { eachMessage } from "./list.ts";
import type { ListedMessage } from "./payloads.ts";
import { isAtStage, labelOf } from "./stages.ts";

export interface ChangesDeps {
  readonly tenantId: string;
  readonly clock: Clock;
  readonly quiet: QuietCursors;
}

/** Since when the history after a cursor has been empty. */
export type QuietCursors = Map<string, { readonly cursor: string; readonly since: Date }>;

/**
 * The history's index may lag behind the history id that comes with an empty answer (openclaw/gogcli#379). Stepping on
 * to that id at once would skip what is indexed a moment later, so an empty answer moves the cursor only when the
 * history has stayed empty for so long.
 */
const SETTLE_MS = 120_000;

/** What came into a stage of a mailbox after the cursor, or since a date when there is none. */
export async function readChanges(gmail: Gmail, request: ChangesRequest, deps: ChangesDeps): Promise<Changes> {
  const label = labelOf(request.stage);
  // No label, no such stage in Gmail: nothing ever appears there.
  if (label === undefined) return { messages: [], cursor: request.cursor ?? "0" };
  const found =
    request.cursor === undefined
      ? await readSince(gmail, request.stage, label, request.since)
      : await readHistory(gmail, request.stage, request.cursor, deps);
  const refs = found.ids.map(
    (messageId): MessageRef => ({ provider: "google", tenantId: deps.tenantId, mailbox: request.mailbox, messageId }),
  );
  return { messages: refs, cursor: found.cursor };
}

interface Found {
  readonly ids: readonly string[];
  readonly cursor: string;
}

/** The cursor is taken before the listing, so that what arrives in between is seen twice and not never. */
async function readSince(gmail: Gmail, stage: Stage, label: string, since: Date): Promise<Found> {
  const { historyId } = await gmail.profile();
  const ids = new Set<string>();
  for await (const { id } of eachMessage(gmail, { labels: [label], since })) {
    // `after:` knows whole seconds, and its edge is not documented: the exact date decides.
    const message = await unlessGone(() => gmail.minimal(id));
    if (message === undefined || !(message.labelIds.length === 0 || isAtStage(message.labelIds, stage))) continue;
    if (message.internalDate === undefined || Number(message.internalDate) >= since.getTime()) ids.add(id);
  }
  return { ids: [...ids], cursor: historyId };
}

async function readHistory(gmail: Gmail, stage: Stage, cursor: string, deps: ChangesDeps): Promise<Found> {
  const ids = new Map<string, string>();
  let next = cursor;
  let page: string | undefined;
  let sawRecords = false;
  do {
    const answer = await gmail.history(cursor, page);
    for (const record of answer.history) {
      sawRecords = true;
      if (record.id !== undefined) next = laterCursor(next, record.id);
      const entered = [
        ...record.messagesAdded.filter(
          ({ message }) => message.labelIds === undefined || isAtStage(message.labelIds, stage),
        ),
        ...record.labelsAdded.filter(({ message, labelIds }) => wasMovedTo(stage, message, labelIds ?? [])),
      ];
      for (const { message } of entered) {
        if (message.labelIds === undefined && !(await isNowAtStage(gmail, message.id, stage))) continue;
        // Each autosave is a new message: of one conversation's drafts only the newest is worth reading.
        const key = stage === "draft" ? (message.threadId ?? message.id) : message.id;
        ids.set(key, message.id);
      }
    }
    page = answer.nextPageToken;
    // Only the last page's id covers everything that was listed.
    if (page === undefined) next = settled(gmail.address, stage, next, answer.historyId, sawRecords, deps);
  } while (page !== undefined);
  return { ids: [...ids.values()], cursor: next };
}

function wasMovedTo(stage: Stage, message: ListedMessage, added: readonly string[]): boolean {
  const label = labelOf(stage);
  if (label === undefined || !added.includes(label)) return false;
  return message.labelIds === undefined || isAtStage([...message.labelIds, ...added], stage);
}

function settled(
  mailbox: string,
  stage: Stage,
  cursor: string,
  answered: string | undefined,
  sawRecords: boolean,
  { clock, quiet }: ChangesDeps,
): string {
  const key = `${mailbox} ${stage}`;
  const latest = answered === undefined ? cursor : laterCursor(cursor, answered);
  if (sawRecords || latest === cursor) {
    quiet.delete(key);
    return latest;
  }
  const known = quiet.get(key);
  const now = clock.now();
  if (known?.cursor !== cursor) {
    quiet.set(key, { cursor, since: now });
    return cursor;
  }
  if (now.getTime() - known.since.getTime() < SETTLE_MS) return cursor;
  quiet.delete(key);
  return latest;
}

async function isNowAtStage(gmail: Gmail, id: string, stage: Stage): Promise<boolean> {
  const message = await unlessGone(() => gmail.minimal(id));
  return message !== undefined && (message.labelIds.length === 0 || isAtStage(message.labelIds, stage));
}

async function unlessGone<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isPosternError(error, "MESSAGE_NOT_FOUND")) return undefined;
    throw error;
  }
}
