import type { Stage } from "../../src/core/message.ts";
import type { Clock } from "../../src/core/ports.ts";
import type { Gmail } from "./gmail-mailbox.ts";
import { laterCursor } from "./history-cursor.ts";
import type { ListedMessage } from "./payloads.ts";
import { isStillAt } from "./present-stage.ts";
import { isAtStage, labelOf } from "./stages.ts";

export interface HistoryDeps {
  readonly clock: Clock;
  readonly quiet: QuietCursors;
  readonly wait: (ms: number) => Promise<void>;
}

/** By mailbox and stage: since when the history after a cursor has been empty. */
export type QuietCursors = Map<string, { readonly cursor: string; readonly since: Date }>;

export interface HistoryRead {
  readonly ids: readonly string[];
  readonly cursor: string;
}

/**
 * The index behind the history may lag behind the history id that comes with an empty answer (openclaw/gogcli#379).
 * Such an answer is read again after a moment, and moves the cursor only when the history stayed empty for longer than
 * the index takes: stepping on at once would skip what is indexed a second later.
 */
const READ_AGAIN_MS = 1_000;
const SETTLE_MS = 120_000;

/** Messages that came into a stage after the cursor (users.history.list, all pages). */
export async function readHistory(gmail: Gmail, stage: Stage, cursor: string, deps: HistoryDeps): Promise<HistoryRead> {
  const { clock, quiet, wait } = deps;
  const key = `${gmail.address} ${stage}`;
  let read = await readPages(gmail, stage, cursor);
  const isNews = quiet.get(key)?.cursor !== cursor;
  if (isNews && !read.hasRecords && read.latest !== cursor) {
    await wait(READ_AGAIN_MS);
    read = await readPages(gmail, stage, cursor);
  }
  if (read.hasRecords || read.latest === cursor) {
    quiet.delete(key);
    return { ids: read.ids, cursor: read.latest };
  }
  const now = clock.now();
  const since = isNews ? now : (quiet.get(key)?.since ?? now);
  const hasSettled = now.getTime() - since.getTime() >= SETTLE_MS;
  if (hasSettled) quiet.delete(key);
  else quiet.set(key, { cursor, since });
  return { ids: [], cursor: hasSettled ? read.latest : cursor };
}

interface Pages {
  readonly ids: readonly string[];
  /** The newest id that the last page or a record names, never before the cursor. */
  readonly latest: string;
  readonly hasRecords: boolean;
}

async function readPages(gmail: Gmail, stage: Stage, cursor: string): Promise<Pages> {
  const ids = new Set<string>();
  let latest = cursor;
  let hasRecords = false;
  let page: string | undefined;
  do {
    const answer = await gmail.history(cursor, page, ["messageAdded", "labelAdded"]);
    for (const record of answer.history) {
      hasRecords = true;
      latest = laterCursor(latest, record.id ?? cursor);
      for (const message of entered(record, stage)) {
        if (message.labelIds === undefined && !(await isStillAt(gmail, message.id, stage))) continue;
        ids.add(message.id);
      }
    }
    page = answer.nextPageToken;
    // Only the last page's id covers everything that was listed.
    if (page === undefined) latest = laterCursor(latest, answer.historyId ?? cursor);
  } while (page !== undefined);
  return { ids: [...ids], latest, hasRecords };
}

interface Change {
  readonly message: ListedMessage;
  readonly labelIds?: readonly string[] | undefined;
}

/** A send appears as an added message or as an added label. Gmail's own filter is not relied on. */
export function entered(
  record: { readonly messagesAdded: readonly Change[]; readonly labelsAdded: readonly Change[] },
  stage: Stage,
): readonly ListedMessage[] {
  const label = labelOf(stage);
  const added = record.messagesAdded.filter(
    ({ message }) => message.labelIds === undefined || isAtStage(message.labelIds, stage),
  );
  const labelled = record.labelsAdded.flatMap(({ message, labelIds = [] }): readonly Change[] => {
    if (label === undefined || !labelIds.includes(label)) return [];
    const isThere = message.labelIds === undefined || isAtStage([...message.labelIds, ...labelIds], stage);
    // A draft that is sent may get SENT first and lose DRAFT in a later record: what it is now decides.
    return [{ message: isThere ? message : { ...message, labelIds: undefined } }];
  });
  return [...added, ...labelled].map(({ message }) => message);
}
