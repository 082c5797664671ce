import type { Hint, Metrics, Pulled } from "../../src/core/ports.ts";
import type { IsWatched } from "./allowed-mailboxes.ts";
import { notifiedMailbox } from "./notification.ts";
import { isMissingSubscription, type ReceivedMessage, type Subscription } from "./subscription.ts";

export interface PullDeps {
  readonly subscription: Subscription;
  readonly isWatched: IsWatched;
  readonly metrics: Metrics;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Pub/Sub holds an empty pull open for a while; ours ends first. */
const LONGEST_PULL_MS = 25_000;
/** A check only wants to know whether it may pull. */
const PROBE_MS = 2_000;
/** Between two pulls where the server answers an empty one at once, so that waiting costs no processor time. */
const PAUSE_MS = 200;
const BATCH = 100;

/**
 * One round of Pub/Sub pull. Messages that say nothing about a watched mailbox are acknowledged and counted, so that
 * none comes back for ever. Creates the subscription when it is missing.
 */
export async function pullHints(deps: PullDeps, signal: AbortSignal): Promise<Pulled> {
  const started = performance.now();
  const received = await pullFor(deps.subscription, BATCH, LONGEST_PULL_MS, signal);
  if (received.length === 0 && performance.now() - started < PAUSE_MS) await deps.wait(PAUSE_MS, signal);

  const mailboxes = new Set<string>();
  const useful: string[] = [];
  const useless: string[] = [];
  for (const { ackId, message } of received) {
    const mailbox = notifiedMailbox(message?.data);
    if (mailbox !== undefined && (await deps.isWatched(mailbox))) {
      useful.push(ackId);
      mailboxes.add(mailbox);
    } else {
      useless.push(ackId);
      const reason = mailbox === undefined ? "malformed" : "unknown-mailbox";
      deps.metrics.count("postern_notifications_refused_total", { provider: "google", reason });
    }
  }
  if (useless.length > 0) await deps.subscription.acknowledge(useless, signal);
  return {
    hints: [...mailboxes].map((mailbox): Hint => ({ kind: "mailbox", mailbox })),
    async acknowledge() {
      if (useful.length > 0) await deps.subscription.acknowledge(useful, signal);
    },
  };
}

/** Tries the right to pull; what comes is given back. */
export async function probeSubscription(subscription: Subscription, signal: AbortSignal): Promise<void> {
  const received = await pullFor(subscription, 1, PROBE_MS, signal);
  const ackIds = received.map(({ ackId }) => ackId);
  // Left alone it would come again by itself, only later.
  if (ackIds.length > 0) await subscription.giveBack(ackIds, signal).catch(() => undefined);
}

async function pullFor(
  subscription: Subscription,
  most: number,
  ms: number,
  signal: AbortSignal,
): Promise<readonly ReceivedMessage[]> {
  const tooLong = AbortSignal.timeout(ms);
  try {
    return await subscription.pull(most, AbortSignal.any([signal, tooLong]));
  } catch (error) {
    signal.throwIfAborted();
    if (tooLong.aborted) return [];
    if (!isMissingSubscription(error)) throw error;
    await subscription.create(signal);
    return [];
  }
}
