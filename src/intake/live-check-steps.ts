import { isPosternError, PosternError } from "../core/errors.ts";
import type { LiveStep } from "../core/live-check.ts";
import type { MessageRef } from "../core/message.ts";
import type { Clock } from "../core/ports.ts";
import type { InboxStore, SyncPoint, SyncStore } from "../core/store.ts";
import type { SentTestMail, TestMail, TestMailRoute } from "../core/test-mail.ts";
import type { ConnectedTenant } from "../pipeline/scan.ts";

export interface LiveCheckDependencies {
  readonly syncs: Pick<SyncStore, "get">;
  readonly inbox: Pick<InboxStore, "find">;
  readonly isWatched: (mailbox: string) => Promise<boolean>;
  /** Whether a worker of the service runs somewhere on this database. */
  readonly isWorking: () => Promise<boolean>;
  /** Signs the mark of the test mail. */
  readonly markKey: Uint8Array;
  readonly clock: Clock;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly limits: LiveLimits;
}

/** How long each wait may last, in milliseconds. */
export interface LiveLimits {
  /** For the copy among the sent mail, and for the catch-up to tell of it. */
  readonly appearMs: number;
  /** For the ledger: longer than the time between two catch-ups. */
  readonly ledgerMs: number;
  /** For the delivered copy, before it is taken away. */
  readonly deliveryMs: number;
}

/** What a test mail has met so far. */
export interface Course {
  readonly mail: TestMail;
  readonly route: TestMailRoute;
  readonly connected: ConnectedTenant;
  /** Where the mailbox stood before the mail was sent; undefined when it is not watched. */
  readonly point: SyncPoint | undefined;
  /** `performance.now()` when the provider had accepted it. */
  readonly sentAt: number;
  readonly dependencies: LiveCheckDependencies;
}

export type Observed = Pick<LiveStep, "state" | "detail">;

/** Looks again after so long (ms), then ever later. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 4_000;
/** Around the time of the mail: clocks differ, and providers' filters count whole seconds. */
const WINDOW_MS = 600_000;

export async function findSentCopy({ mail, route, dependencies }: Course, signal: AbortSignal): Promise<SentTestMail> {
  const look = () => route.findSent(mail, signal);
  const sent = await lookUntil(look, dependencies.limits.appearMs, dependencies, signal);
  if (sent === undefined) throw notFound("the mail was accepted, but did not appear in the sent mail in time");
  return sent;
}

/** The number in the subject is the mail's own: it tells that these bytes are this mail's. */
export async function readBack({ mail, connected }: Course, sent: SentTestMail, signal: AbortSignal) {
  const { mime } = await connected.connector.fetch(sent.ref, signal);
  const [token = mail.subject] = /[0-9a-f]{12}/.exec(mail.subject) ?? [];
  if (!Buffer.from(mime).includes(token))
    return { state: "failed", detail: "what was read is another message" } satisfies Observed;
  return { state: "ok", detail: `${mime.byteLength} bytes of MIME` } satisfies Observed;
}

/** The way on which mail is found when no notification comes: from the stored cursor, else by listing. */
export async function findByCatchUp(course: Course, sent: SentTestMail, signal: AbortSignal): Promise<Observed> {
  const { point, dependencies } = course;
  const cursor = point?.cursor ?? null;
  const fromCursor = point !== undefined && cursor !== null;
  const look = async (): Promise<true | undefined> => {
    const found = fromCursor
      ? await changesHold(course, point, cursor, sent.ref, signal)
      : await listHolds(course, sent.ref, signal);
    return found || undefined;
  };
  const found = await lookUntil(look, dependencies.limits.appearMs, dependencies, signal);
  if (found === undefined) throw notFound("reading what is new does not tell of the mail");
  return {
    state: "ok",
    detail: fromCursor ? "told by the changes since the stored cursor" : "told by listing the sent mail",
  };
}

async function changesHold(
  course: Course,
  { mailbox, stage, since }: SyncPoint,
  cursor: string,
  ref: MessageRef,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const { messages } = await course.connected.connector.changes({ mailbox, stage, cursor, since }, signal);
    return messages.some(({ messageId }) => messageId === ref.messageId);
  } catch (error) {
    // The next catch-up of the service makes a new one.
    if (isPosternError(error, "CURSOR_EXPIRED")) return listHolds(course, ref, signal);
    throw error;
  }
}

async function listHolds({ connected }: Course, ref: MessageRef, signal: AbortSignal): Promise<boolean> {
  const now = Date.now();
  const window = { since: new Date(now - WINDOW_MS), until: new Date(now + WINDOW_MS) };
  for await (const { messageId } of connected.connector.list(ref.mailbox, window, signal))
    if (messageId === ref.messageId) return true;
  return false;
}

/** Waits for the delivered copy too: what comes later would stay. */
export async function takeAway(
  { mail, route, dependencies }: Course,
  sent: SentTestMail | undefined,
  isSent: boolean,
  signal: AbortSignal,
): Promise<Observed> {
  let removed = 0;
  const look = async (): Promise<true | undefined> => {
    removed += await route.remove(mail, sent, signal);
    return removed >= route.copies || undefined;
  };
  const limit = isSent ? dependencies.limits.deliveryMs : 0;
  const all = await lookUntil(look, limit, dependencies, signal);
  const copies = `${removed} ${removed === 1 ? "copy" : "copies"} moved to the trash`;
  if (all !== undefined || !isSent) return { state: "ok", detail: copies };
  return { state: "warning", detail: `${copies}; another may follow, with the subject ${mail.subject}` };
}

/** Looks again and again, ever more seldom; what `look` found, or undefined when the time was over. */
export async function lookUntil<Found>(
  look: () => Promise<Found | undefined>,
  withinMs: number,
  { pause }: Pick<LiveCheckDependencies, "pause">,
  signal: AbortSignal,
): Promise<Found | undefined> {
  const end = performance.now() + withinMs;
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 1.6, LONGEST_PAUSE_MS)) {
    const found = await look();
    if (found !== undefined || performance.now() + wait > end) return found;
    await pause(wait, signal);
  }
}

function notFound(message: string): PosternError {
  return new PosternError("MESSAGE_NOT_FOUND", message);
}
