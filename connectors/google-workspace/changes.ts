import type { MessageRef, Stage } from "../../src/core/message.ts";
import type { Changes, ChangesRequest } from "../../src/core/ports.ts";
import { readDraftHistory, type WaitingDrafts } from "./draft-history.ts";
import type { Gmail } from "./gmail-mailbox.ts";
import { type HistoryDeps, type HistoryRead, readHistory } from "./history.ts";
import { eachMessage } from "./list.ts";
import { atStage } from "./present-stage.ts";
import { labelOf } from "./stages.ts";

export interface ChangesDeps extends HistoryDeps {
  readonly tenantId: string;
  readonly drafts: WaitingDrafts;
}

/**
 * What came into a stage of a mailbox after the cursor, or since a date when there is none.
 * @throws PosternError CURSOR_EXPIRED when Gmail no longer keeps the history so far back.
 */
export async function readChanges(gmail: Gmail, request: ChangesRequest, deps: ChangesDeps): Promise<Changes> {
  const { mailbox, stage, since } = request;
  const label = labelOf(stage);
  // No label, no such stage in Gmail: nothing ever appears there.
  if (label === undefined) return { messages: [], cursor: request.cursor ?? "0" };
  const { ids, cursor } = await read(request.cursor);
  const toRef = (messageId: string): MessageRef => ({
    provider: "google",
    tenantId: deps.tenantId,
    mailbox,
    messageId,
  });
  return { messages: ids.map(toRef), cursor };

  async function read(from: string | undefined): Promise<HistoryRead> {
    if (from === undefined) return await readSince(gmail, stage, label ?? "", since);
    return stage === "draft" ? await readDraftHistory(gmail, from, deps) : await readHistory(gmail, stage, from, deps);
  }
}

/** The cursor is taken before the listing, so that what arrives in between is seen twice and not never. */
async function readSince(gmail: Gmail, stage: Stage, label: string, since: Date): Promise<HistoryRead> {
  const { historyId } = await gmail.profile();
  const ids = new Set<string>();
  for await (const { id } of eachMessage(gmail, { labels: [label], since })) {
    // `after:` knows whole seconds, and its edge is not documented: the exact date decides.
    const message = await atStage(gmail, id, stage);
    if (message === undefined) continue;
    if (message.internalDate === undefined || Number(message.internalDate) >= since.getTime()) ids.add(id);
  }
  return { ids: [...ids], cursor: historyId };
}
