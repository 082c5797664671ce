import type { Clock } from "../../src/core/ports.ts";
import type { Gmail } from "./gmail-mailbox.ts";
import { entered, type HistoryRead } from "./history.ts";
import { laterCursor } from "./history-cursor.ts";
import { isStillAt } from "./present-stage.ts";

/**
 * Each autosave is a new message, and reading one costs ten times as much as the history: a conversation's draft is read
 * when it has been left alone for so long (ms).
 */
const QUIET_MS = 60_000;
/** One that is written on and on is read all the same after so long (ms), or the cursor would wait for ever. */
const LONGEST_MS = 600_000;

/** By mailbox and conversation: the draft as it was seen last. Forgotten at a restart, which only begins the wait anew. */
export type WaitingDrafts = Map<string, ReadonlyMap<string, WaitingDraft>>;

interface WaitingDraft {
  readonly id: string;
  readonly firstAt: number;
  readonly changedAt: number;
  readonly isTold: boolean;
}

interface Written {
  readonly id: string;
  /** The cursor that has this conversation's first record after it. */
  readonly after: string;
}

/**
 * Drafts that came to rest after the cursor. The cursor stays before the first one that is still being written, so that
 * nothing is lost with this process.
 */
export async function readDraftHistory(
  gmail: Gmail,
  cursor: string,
  { clock, drafts }: { readonly clock: Clock; readonly drafts: WaitingDrafts },
): Promise<HistoryRead> {
  const { written, latest } = await readPages(gmail, cursor);
  const now = clock.now().getTime();
  const before = drafts.get(gmail.address);
  const waiting = new Map<string, WaitingDraft>();
  const ids: string[] = [];
  let held = latest;
  for (const [conversation, { id, after }] of written) {
    const known = before?.get(conversation);
    const draft = known?.id === id ? known : changed(id, now, known);
    const isDue = now - draft.changedAt >= QUIET_MS || now - draft.firstAt >= LONGEST_MS;
    if (isDue && !draft.isTold) ids.push(id);
    if (!isDue && !draft.isTold && BigInt(after) < BigInt(held)) held = after;
    waiting.set(conversation, { ...draft, isTold: draft.isTold || isDue });
  }
  drafts.set(gmail.address, waiting);
  return { ids, cursor: held };
}

function changed(id: string, now: number, known: WaitingDraft | undefined): WaitingDraft {
  const firstAt = known === undefined || known.isTold ? now : known.firstAt;
  return { id, firstAt, changedAt: now, isTold: false };
}

async function readPages(
  gmail: Gmail,
  cursor: string,
): Promise<{ readonly written: ReadonlyMap<string, Written>; readonly latest: string }> {
  const written = new Map<string, Written>();
  let latest = cursor;
  let page: string | undefined;
  do {
    const answer = await gmail.history(cursor, page, ["messageAdded", "labelAdded", "messageDeleted"]);
    for (const record of answer.history) {
      for (const { id, threadId = id, labelIds } of entered(record, "draft")) {
        if (labelIds === undefined && !(await isStillAt(gmail, id, "draft"))) continue;
        written.set(threadId, { id, after: written.get(threadId)?.after ?? latest });
      }
      for (const { message } of [...record.messagesDeleted, ...record.labelsAdded.filter(isSent)]) {
        const { id, threadId = id } = message;
        if (written.get(threadId)?.id === id) written.delete(threadId);
      }
      latest = laterCursor(latest, record.id ?? cursor);
    }
    page = answer.nextPageToken;
    if (page === undefined) latest = laterCursor(latest, answer.historyId ?? cursor);
  } while (page !== undefined);
  return { written, latest };
}

/** A draft may become sent mail under its own id. */
function isSent({ labelIds }: { readonly labelIds?: readonly string[] | undefined }): boolean {
  return labelIds?.includes("SENT") ?? false;
}
