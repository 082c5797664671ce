import { createHash } from "node:crypto";
import type { Delivery, Destination, OutBatch, OutRecord } from "../core/export.ts";
import type { EventRecord } from "../core/records.ts";
import type { Item } from "./collect.ts";

export interface DeliveryTools {
  readonly destination: Destination;
  /** Of the run: part of every batch's id. */
  readonly runId: string;
  readonly frame: Pick<OutBatch, "prefix" | "suffix" | "delimiter" | "json" | "contentType" | "folder">;
  /** The records of an event that was too large, with its lists cut. */
  readonly shortened: (event: EventRecord) => readonly OutRecord[];
}

export interface Delivered {
  /** Of the last item that is settled: accepted or parked. Null when none is. */
  readonly through: number | null;
  readonly lines: number;
  readonly bytes: number;
  readonly parked: readonly { readonly sequence: number; readonly reason: string }[];
  /**
   * Last event of the upload that nothing is known of: it may be stored. Its repeat has to be the same upload, or a
   * receiver that goes by ids of uploads would keep its events twice. Null when every upload was answered.
   */
  readonly pending: number | null;
  /** Why the rest was not delivered; null when there is no rest. */
  readonly trouble: { readonly reason: string; readonly afterMs?: number; readonly refused: boolean } | null;
}

/** So many single events may be refused before one is accepted; more means that the destination itself is wrong. */
const MOST_REFUSED = 8;

interface Progress {
  through: number | null;
  lines: number;
  bytes: number;
  pending: number | null;
  readonly parked: { sequence: number; reason: string }[];
}

/**
 * Delivers items in order. A batch that is too large or refused is halved until the record that is the reason stands alone;
 * that one is shortened (too large) or parked, the others are delivered. Nothing is parked while nothing is accepted: then
 * it is the destination that is wrong, and the whole is tried again later.
 */
export async function deliver(items: readonly Item[], tools: DeliveryTools, signal: AbortSignal): Promise<Delivered> {
  const progress: Progress = { through: null, lines: 0, bytes: 0, pending: null, parked: [] };
  const trouble = await walk(items, tools, progress, signal);
  if (progress.lines > 0 || progress.parked.length === 0) return { ...progress, trouble };
  const reason = progress.parked[0]?.reason ?? "refused";
  return { ...progress, trouble: trouble ?? { reason, refused: true } };
}

async function walk(
  items: readonly Item[],
  tools: DeliveryTools,
  progress: Progress,
  signal: AbortSignal,
): Promise<Delivered["trouble"]> {
  const [first] = items;
  if (first === undefined) return null;
  const answer = await sendOnce(items, tools, signal);
  if (answer.outcome === "accepted") {
    settle(items, progress, answer.rejected ?? []);
    return null;
  }
  if (answer.outcome === "retry") {
    progress.pending = items.at(-1)?.event.sequence ?? null;
    return { ...answer, refused: false };
  }
  if (items.length > 1) {
    const half = Math.ceil(items.length / 2);
    return (
      (await walk(items.slice(0, half), tools, progress, signal)) ??
      (await walk(items.slice(half), tools, progress, signal))
    );
  }
  if (answer.outcome === "too-large") {
    const short = { event: first.event, records: tools.shortened(first.event) };
    const again = await sendOnce([short], tools, signal);
    if (again.outcome === "retry") {
      progress.pending = first.event.sequence;
      return { ...again, refused: false };
    }
    if (again.outcome === "accepted") {
      settle([short], progress, again.rejected ?? []);
      return null;
    }
  }
  progress.through = first.event.sequence;
  progress.parked.push({ sequence: first.event.sequence, reason: answer.reason });
  if (progress.lines === 0 && progress.parked.length >= MOST_REFUSED) return { reason: answer.reason, refused: true };
  return null;
}

function settle(
  items: readonly Item[],
  progress: Progress,
  rejected: readonly { readonly id: string; readonly reason: string }[],
): void {
  const reasons = new Map(rejected.map(({ id, reason }) => [id, reason]));
  for (const { event, records } of items) {
    const reason = records.map(({ id }) => reasons.get(id)).find((found) => found !== undefined);
    if (reason === undefined) {
      progress.lines += records.length;
      for (const { text } of records) progress.bytes += Buffer.byteLength(text);
    } else progress.parked.push({ sequence: event.sequence, reason });
    progress.through = event.sequence;
  }
}

function sendOnce(
  items: readonly Item[],
  { destination, runId, frame }: DeliveryTools,
  signal: AbortSignal,
): Promise<Delivery> {
  const [first, last] = [items[0]?.event, items.at(-1)?.event];
  const id = createHash("sha256")
    .update(`${runId}/${first?.tenantId}/${first?.sequence}-${last?.sequence}`)
    .digest("hex")
    .slice(0, 32);
  return destination.send({ ...frame, id, records: items.flatMap(({ records }) => records) }, signal);
}
