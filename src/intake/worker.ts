import { isPosternError, PosternError } from "../core/errors.ts";
import type { Clock, Logger, Metrics, Queue } from "../core/ports.ts";
import type { InboxItem, InboxStore, Lease } from "../core/store.ts";
import { type ActDependencies, act } from "../pipeline/act.ts";
import { newLease, underLease } from "../pipeline/lease.ts";
import { retryDelay } from "../pipeline/retry.ts";
import { type ScanDependencies, scan } from "../pipeline/scan.ts";
import { recordUnread } from "../pipeline/unread.ts";
import type { Acceptor, WakeUp } from "./acceptor.ts";
import { type CatchUpDependencies, catchUp } from "./catch-up.ts";

/** Counted attempts before the dead-letter list; a message that is not there is given up earlier, as `missing`. */
const MOST_ATTEMPTS = 5;
/** 2 s, 10 s and 50 s after the notification: then it is a draft's or a moved message's id that leads nowhere. */
const MOST_LOOKS_FOR_MISSING = 4;
/** Throttling and outages do not count, but not for ever. */
const LONGEST_WAIT_MS = 24 * 3_600_000;

export interface WorkerDependencies {
  readonly inbox: InboxStore;
  readonly acts: Queue<WakeUp>;
  readonly acceptor: Acceptor;
  readonly scan: ScanDependencies;
  readonly act: ActDependencies;
  readonly catchUp: CatchUpDependencies;
  /** Told about each provider answer that concerns the tenant as a whole. */
  readonly health: {
    readonly ok: (tenantId: string) => void;
    readonly trouble: (tenantId: string, error: PosternError) => void;
  };
  /** Length of a lease; the usual one when absent. */
  readonly leaseMs?: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Works off one inbox item: under a lease, to exactly one outcome, or to a later attempt. */
export async function workOff(wake: WakeUp, dependencies: WorkerDependencies, signal: AbortSignal): Promise<void> {
  const { inbox, clock } = dependencies;
  const lease = newLease(clock, dependencies.leaseMs);
  const item = await inbox.claim(wake.id, lease, clock.now());
  if (!item) return;
  const renew = (renewed: Lease): Promise<boolean> => inbox.renew(item.id, renewed);
  try {
    const recordId = await underLease(lease, renew, clock, (held) => once(item, lease, dependencies, held), signal);
    dependencies.health.ok(item.tenantId);
    if (recordId !== null) await performActions({ id: recordId }, dependencies, signal);
  } catch (error) {
    if (signal.aborted) return; // Shutting down: the lease runs out, the item stays pending.
    await trouble(item, lease, error, dependencies, signal);
  }
}

/** Returns the record whose actions wait. */
async function once(
  item: InboxItem,
  lease: Lease,
  dependencies: WorkerDependencies,
  signal: AbortSignal,
): Promise<string | null> {
  const { inbox, clock } = dependencies;
  if (item.kind === "sync") {
    const connected = await dependencies.scan.tenant(item.tenantId);
    if (connected) await catchUp(item, connected.connector, dependencies.catchUp, signal);
    await inbox.finish(item.id, lease.token, connected ? "verdict" : "skipped", null, clock.now());
    return null;
  }
  const { provider, tenantId, mailbox, stage, trigger } = item;
  const ref = { provider, tenantId, mailbox, messageId: item.messageId ?? "" };
  const scanned = await scan({ ref, stage, trigger }, dependencies.scan, signal);
  // Known at a second try: the process died between the record and this line. The verdict is this item's own.
  const ownVerdict = scanned.reason === "known-id" && item.tries > 1;
  const outcome = ownVerdict ? "verdict" : scanned.outcome;
  await inbox.finish(item.id, lease.token, outcome, ownVerdict ? null : scanned.reason, clock.now());
  return scanned.recordId;
}

/** Does what is planned for a record and sees to it that what has to wait is woken again. */
export async function performActions(
  wake: WakeUp,
  dependencies: WorkerDependencies,
  signal: AbortSignal,
): Promise<void> {
  const retry = await act(wake.id, dependencies.act, signal);
  if (retry === null) return;
  const delayMs = Math.max(0, retry.getTime() - dependencies.clock.now().getTime());
  // Without a queue the sweep finds it.
  await dependencies.acts.add(wake, { delayMs }).catch(() => undefined);
}

async function trouble(
  item: InboxItem,
  lease: Lease,
  error: unknown,
  dependencies: WorkerDependencies,
  signal: AbortSignal,
): Promise<void> {
  const { inbox, clock, logger, metrics } = dependencies;
  const known = isPosternError(error)
    ? error
    : new PosternError("CONTENT_UNREADABLE", "unexpected failure", { retryAfterMs: 5_000 });
  if (isPosternError(error))
    logger.info(
      { item: item.id, code: error.code, attempt: item.attempts + 1, ...error.details },
      "an item could not be worked off yet",
    );
  else logger.error({ item: item.id, err: error }, "an item failed unexpectedly");
  dependencies.health.trouble(item.tenantId, known);
  const reason = known.code.toLowerCase().replaceAll("_", "-");
  if (!isFinal(item, known, clock)) {
    const attempt = known.counts ? item.attempts + 1 : item.tries + 1;
    await inbox.postpone(
      item.id,
      lease.token,
      new Date(clock.now().getTime() + retryDelay(known, attempt)),
      known.counts,
      reason,
    );
    return;
  }
  if (item.kind === "sync") {
    // A mailbox is never given up: the next sweep tries again.
    await inbox.finish(item.id, lease.token, "skipped", reason, clock.now());
  } else if (known.code === "MESSAGE_NOT_FOUND") {
    await inbox.finish(item.id, lease.token, "missing", reason, clock.now());
    await noteMissing(item, dependencies);
    // The id led nowhere, the mail may stand there under another one.
    const { tenantId, provider, mailbox, stage } = item;
    await dependencies.acceptor.accept([
      { tenantId, provider, mailbox, stage, trigger: "catch-up", kind: "sync", messageId: null },
    ]);
  } else {
    const recordId = await recordUnread(item, reason, dependencies.scan);
    await inbox.finish(item.id, lease.token, "dead", reason, clock.now());
    metrics.count("postern_dead_letters_total", { reason });
    if (recordId !== null) await performActions({ id: recordId }, dependencies, signal);
  }
}

/** Sent mail that was told of and never found; drafts come and go. */
async function noteMissing(
  { tenantId, mailbox, stage, trigger, messageId }: InboxItem,
  { catchUp: { events }, clock }: WorkerDependencies,
): Promise<void> {
  if (stage !== "sent") return;
  const body = { what: "message-missing", mailbox, stage, trigger, providerMessageId: messageId };
  await events.append(tenantId, "coverage", body, clock.now());
}

function isFinal(item: InboxItem, error: PosternError, clock: Clock): boolean {
  if (error.retry === "never") return true;
  if (!error.counts) return clock.now().getTime() - item.acceptedAt.getTime() > LONGEST_WAIT_MS;
  return item.attempts + 1 >= (error.code === "MESSAGE_NOT_FOUND" ? MOST_LOOKS_FOR_MISSING : MOST_ATTEMPTS);
}
