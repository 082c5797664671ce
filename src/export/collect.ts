import type { OutRecord } from "../core/export.ts";
import type { ExportPosition, ExportRun } from "../core/export-store.ts";
import type { EventRecord } from "../core/records.ts";
import type { EventStore } from "../core/store.ts";
import type { Renderer } from "./render.ts";

/** Events read from the database at once. */
const PAGE = 500;

/** An event of a batch with what is sent for it. */
export interface Item {
  readonly event: EventRecord;
  readonly records: readonly OutRecord[];
}

export interface BatchLimits {
  readonly bytes: number;
  readonly records: number;
  /** A batch that is not full waits until its oldest record is so old. */
  readonly intervalMs: number;
}

export interface Collected {
  readonly items: readonly Item[];
  /** Everything up to it was read: it is in `items` or not for this job. */
  readonly end: number;
  /** Sequences that should follow the position and are gone (retention): first and last. */
  readonly missing: { readonly first: number; readonly last: number } | null;
  /** Full, old enough, or begun before. */
  readonly due: boolean;
}

/** Reads the next batch of a run in one tenant. */
export async function collect(
  run: ExportRun,
  position: ExportPosition,
  limits: BatchLimits,
  render: Renderer,
  events: Pick<EventStore, "list">,
  now: Date,
): Promise<Collected> {
  const items: Item[] = [];
  const last = position.batchEnd ?? position.last;
  let [end, bytes, records] = [position.sequence, 0, 0];
  const result = (due: boolean): Collected => ({ items, end, missing: null, due });
  while (end < last) {
    const page = await events.list(position.tenantId, end, Math.min(PAGE, last - end));
    for (const event of page) {
      if (event.sequence !== end + 1) {
        // What was read before the gap goes first.
        if (items.length > 0) return result(true);
        return { items: [], end, missing: { first: end + 1, last: event.sequence - 1 }, due: true };
      }
      const rendered = isInWindow(event, run) ? render(event) : [];
      const size = rendered.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
      // A batch that was begun before keeps its end, or its repeat would be another batch.
      const full = records > 0 && (bytes + size > limits.bytes || records + rendered.length > limits.records);
      if (full && position.batchEnd === null) return result(true);
      if (rendered.length > 0) items.push({ event, records: rendered });
      bytes += size;
      records += rendered.length;
      end = event.sequence;
    }
    if (page.length === 0)
      return items.length > 0 ? result(true) : { items, end, missing: { first: end + 1, last }, due: true };
  }
  const oldest = items[0]?.event.at.getTime() ?? now.getTime();
  const full = bytes >= limits.bytes || records >= limits.records;
  return result(
    full || position.batchEnd !== null || run.kind === "backfill" || now.getTime() - oldest >= limits.intervalMs,
  );
}

function isInWindow({ at }: EventRecord, { since, until }: ExportRun): boolean {
  return (since === null || at >= since) && (until === null || at < until);
}
