import { createTimers } from "./timers.ts";

/** One entry of a change notification collection, as it goes over the wire. */
export type Notification = Readonly<Record<string, unknown>>;

/** One POST to a client. */
export interface SentBatch {
  readonly url: string;
  readonly value: readonly Notification[];
  readonly attempt: number;
  /** Null when there was no answer in time. */
  readonly status: number | null;
  readonly at: Date;
}

/** Knobs for everything that goes wrong between Graph and a client. All can be changed at any time. */
export interface Notifications {
  /** False: everything is lost, as in an outage. */
  on: boolean;
  /** How often a notification is sent; 0 drops it, 2 duplicates it. */
  copies: (notification: Notification, index: number) => number;
  /** Time before a batch leaves in milliseconds; what happens meanwhile goes into the same batch. */
  delayMs: number;
  /** Notifications leave in random order, over batches too. */
  reorder: boolean;
  /** Most notifications in one POST. */
  maxBatch: number;
  /** First pause before a batch is sent again, in milliseconds; doubles each time. */
  retryMs: number;
  random: () => number;
  /** Every POST so far, oldest first. */
  readonly sent: readonly SentBatch[];
  /** Sends a body of the test's own making: forged, replayed, foreign. @returns the answer's status, null without one. */
  post(url: string, value: readonly Notification[]): Promise<number | null>;
  /** Resolves when nothing waits, is under way, or is to be sent again. */
  idle(): Promise<void>;
}

export interface Notifier extends Notifications {
  enqueue(url: string, notification: Notification): void;
  close(): void;
}

/** Time for the first answer and for the answers to later attempts in milliseconds (change notification delivery). */
const firstTimeoutMs = 3000;
const retryTimeoutMs = 10_000;
/** After this a batch is dropped for good. */
const giveUpMs = 4 * 3600 * 1000;
const longestPauseMs = 600_000;
/** Kept for tests and the demo; older ones are forgotten. */
const keptBatches = 20_000;

export function createNotifier(now: () => Date): Notifier {
  const waiting = new Map<string, Notification[]>();
  const timers = createTimers();
  const sent: SentBatch[] = [];
  const closing = new AbortController();
  let counter = 0;
  let busy = 0;
  let idlers: (() => void)[] = [];

  const finish = () => {
    busy -= 1;
    if (busy > 0) return;
    for (const wake of idlers) wake();
    idlers = [];
  };

  const attempt = async (url: string, value: readonly Notification[], number: number): Promise<number | null> => {
    const timeout = AbortSignal.timeout(number === 1 ? firstTimeoutMs : retryTimeoutMs);
    let status: number | null = null;
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json; charset=utf-8" },
        body: JSON.stringify({ value }),
        signal: AbortSignal.any([timeout, closing.signal]),
      });
      await response.arrayBuffer();
      status = response.status;
    } catch {
      // No answer in time, or nobody there: the same as a refusal.
    }
    sent.push({ url, value, attempt: number, status, at: now() });
    if (sent.length > keptBatches) sent.shift();
    return status;
  };

  const deliver = async (url: string, value: readonly Notification[], number: number, since: Date): Promise<void> => {
    const status = await attempt(url, value, number);
    const delivered = status !== null && status >= 200 && status < 300;
    if (delivered || closing.signal.aborted || now().getTime() - since.getTime() > giveUpMs) return finish();
    const pause = Math.min(notifier.retryMs * 2 ** (number - 1), longestPauseMs);
    timers.later(pause, () => void deliver(url, value, number + 1, since));
  };

  const flush = (url: string) => {
    const queue = waiting.get(url) ?? [];
    waiting.delete(url);
    if (notifier.reorder) shuffle(queue, notifier.random);
    for (let at = 0; at < queue.length; at += notifier.maxBatch) {
      busy += 1;
      void deliver(url, queue.slice(at, at + notifier.maxBatch), 1, now());
    }
    finish();
  };

  const notifier: Notifier = {
    on: true,
    copies: () => 1,
    delayMs: 0,
    reorder: false,
    maxBatch: 100,
    retryMs: 250,
    random: Math.random,
    sent,
    post: (url, value) => attempt(url, value, 1),
    idle: () =>
      busy === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            idlers.push(resolve);
          }),
    enqueue: (url, notification) => {
      const copies = notifier.on ? notifier.copies(notification, counter++) : 0;
      if (copies < 1 || closing.signal.aborted) return;
      const queue = waiting.get(url);
      const entries = Array.from({ length: copies }, () => notification);
      if (queue) {
        queue.push(...entries);
        return;
      }
      waiting.set(url, entries);
      busy += 1;
      timers.later(notifier.delayMs, () => flush(url));
    },
    close: () => {
      closing.abort();
      timers.clear();
    },
  };
  return notifier;
}

/** Fisher–Yates, in place. */
function shuffle(list: Notification[], random: () => number): void {
  for (let last = list.length - 1; last > 0; last--) {
    const pick = Math.floor(random() * (last + 1));
    const [a, b] = [list[last], list[pick]];
    if (a && b) {
      list[last] = b;
      list[pick] = a;
    }
  }
}
