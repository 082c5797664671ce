import { createHash } from "node:crypto";
import type { Provider } from "../core/message.ts";
import type { SyncPoint } from "../core/store.ts";

/**
 * Gmail: points read in a minute without a notification. One costs two units, so that the sweep stays below 3 of the 80
 * million units that a project may spend in a day, however many mailboxes there are.
 */
const GMAIL_PER_MINUTE = 1_000;

/**
 * The part of a tenant's points whose turn it is. Graph counts calls by mailbox, so there it is all of them; at Gmail a
 * large customer's mailboxes take turns, each in the same one.
 */
export function sweepShare<Point extends Pick<SyncPoint, "mailbox">>(
  points: readonly Point[],
  provider: Provider,
  everyMs: number,
  now: Date,
): readonly Point[] {
  if (provider !== "google") return points;
  const turns = Math.ceil((points.length * 60_000) / (GMAIL_PER_MINUTE * everyMs));
  if (turns <= 1) return points;
  const turn = Math.floor(now.getTime() / everyMs) % turns;
  return points.filter(({ mailbox }) => createHash("sha256").update(mailbox).digest().readUInt32BE() % turns === turn);
}
