import type { ActionKind, ActionOutcome, CopyLocation, NoticeMail, PlannedAction } from "../core/action.ts";
import { isPosternError, PosternError } from "../core/errors.ts";
import type { Clock, Logger, MailConnector, Metrics } from "../core/ports.ts";
import type { MessageRecord, StoredAction } from "../core/records.ts";
import type { ActionStore, Lease, MessageStore } from "../core/store.ts";
import { newLease, underLease } from "./lease.ts";
import { retryDelay } from "./retry.ts";
import { afterHold } from "./unsent.ts";

/** Attempts that count before an action is given up, by what stopped it. */
const LIMITS = { MESSAGE_NOT_FOUND: 5, PROVIDER_FORBIDDEN: 3, other: 8, uncounted: 500 } as const;

/** Kinds that take a copy out of somebody's reach. */
export const TAKING: ReadonlySet<ActionKind> = new Set(["quarantine", "recall", "hold"]);

/** Kinds that act on the copies that were taken. */
const OF_TAKEN: ReadonlySet<ActionKind> = new Set([
  "restore",
  "purge",
  "return-to-sender",
  "send-released",
  "send-allowed",
]);

/** Kinds that end a quarantine by a release. */
const RELEASING: ReadonlySet<ActionKind> = new Set(["restore", "send-released"]);

/** Kinds that set a label; returns that were planned by earlier releases have none. */
const LABELLED: ReadonlySet<ActionKind> = new Set(["label", "return-to-sender"]);

export interface ActDependencies {
  readonly actions: ActionStore;
  readonly messages: Pick<MessageStore, "get">;
  readonly connectorFor: (tenantId: string) => Promise<MailConnector | undefined>;
  /** Writes the mail for a `notify` action; null when nobody needs it any more (digested). */
  readonly composeNotice: (record: MessageRecord, action: StoredAction) => Promise<NoticeMail | null>;
  /** Sends notices instead of the tenant's provider. */
  readonly noticeServer?: { send(action: PlannedAction, signal: AbortSignal): Promise<ActionOutcome> };
  /** Length of a lease; the usual one when absent. */
  readonly leaseMs?: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * Performs what is planned for a message, step by step; within a step side by side. A later step begins when each
 * action before it was tried once, so that a mailbox that is throttled for an hour does not delay the notices.
 * Returns when something still planned may be tried again, null when nothing is left.
 */
export async function act(messageId: string, dependencies: ActDependencies, signal: AbortSignal): Promise<Date | null> {
  const planned = (await dependencies.actions.forMessage(messageId)).filter((action) => action.state === "planned");
  const retries: Date[] = [];
  for (const step of [...new Set(planned.map((action) => action.step))].sort((a, b) => a - b)) {
    // Read again for each step: a notice tells how the steps before it ended, a restore needs what they took.
    const [record, all] = await Promise.all([
      dependencies.messages.get(messageId),
      dependencies.actions.forMessage(messageId),
    ]);
    if (!record) return null;
    const connector = await dependencies.connectorFor(record.ref.tenantId);
    const attempts = planned
      .filter((action) => action.step === step)
      .map((action) => attempt(action, all, record, connector, dependencies, signal));
    for (const retry of await Promise.all(attempts)) if (retry) retries.push(retry);
  }
  return retries.length === 0 ? null : new Date(Math.min(...retries.map((date) => date.getTime())));
}

/** One attempt under a lease. Returns the time of the next one, or null when the action is finished or another's. */
async function attempt(
  stored: StoredAction,
  all: readonly StoredAction[],
  record: MessageRecord,
  connector: MailConnector | undefined,
  dependencies: ActDependencies,
  signal: AbortSignal,
): Promise<Date | null> {
  const { actions, clock, logger, metrics } = dependencies;
  const lease = newLease(clock, dependencies.leaseMs);
  const claimed = await actions.claim(stored.id, lease, clock.now());
  if (!claimed) return null;
  const finish = async (outcome: ActionOutcome): Promise<null> => {
    const written = await actions.finish(claimed.id, lease.token, outcome, clock.now());
    if (written) metrics.count("postern_actions_total", { kind: claimed.kind, state: outcome.state });
    return null;
  };
  try {
    if (!connector) return await finish({ state: "failed", reason: "tenant-disconnected" });
    if (RELEASING.has(claimed.kind) && isStillTaken(claimed, all))
      throw new PosternError("CONFLICT", "the copy is still being taken", { retryAfterMs: 2_000 });
    const held = afterHold(claimed, all);
    if (held === "wait") throw new PosternError("PROVIDER_UNAVAILABLE", "the message is still being held");
    if (held !== null) return await finish(held);
    const notice = claimed.kind === "notify" ? await dependencies.composeNotice(record, claimed) : undefined;
    if (notice === null) return await finish({ state: "not-possible", reason: "digested" });
    const action = toPerform(claimed, all, record, notice);
    const renew = (renewed: Lease): Promise<boolean> => actions.renew(claimed.id, renewed);
    const server = claimed.kind === "notify" ? dependencies.noticeServer : undefined;
    const perform = (leased: AbortSignal): Promise<ActionOutcome> =>
      server ? server.send(action, leased) : connector.perform(action, leased);
    return await finish(await underLease(lease, renew, clock, perform, signal));
  } catch (error) {
    if (signal.aborted) throw error;
    const trouble = asTrouble(error, claimed, logger);
    const reason = trouble.code.toLowerCase().replaceAll("_", "-");
    if (trouble.retry === "never" || claimed.attempts >= limitFor(trouble))
      return await finish({ state: "failed", reason: trouble.code === "MESSAGE_NOT_FOUND" ? "not-found" : reason });
    const until = new Date(clock.now().getTime() + retryDelay(trouble, claimed.attempts));
    await actions.postpone(claimed.id, lease.token, until, reason);
    return until;
  }
}

function toPerform(
  action: StoredAction,
  all: readonly StoredAction[],
  record: MessageRecord,
  notice: NoticeMail | undefined,
): PlannedAction {
  return {
    id: action.id,
    kind: action.kind,
    ref: record.ref,
    stage: record.stage,
    internetMessageId: record.internetMessageId,
    target: action.target,
    attempts: action.attempts - 1,
    ...(LABELLED.has(action.kind) && "name" in action.input
      ? { label: action.input as unknown as NonNullable<PlannedAction["label"]> }
      : {}),
    ...(notice ? { notice } : {}),
    ...(Array.isArray(action.input.recipients) ? { onlyTo: action.input.recipients as readonly string[] } : {}),
    ...(OF_TAKEN.has(action.kind) ? { copies: copiesFor(action, all) } : {}),
  };
}

/** The copies that were taken from the same mailbox. */
function copiesFor(action: StoredAction, all: readonly StoredAction[]): readonly CopyLocation[] {
  return takenFrom(action.target, all).flatMap((taking) => taking.copies);
}

/** A release that comes while a copy is being taken waits, so that the copy is not taken after it was put back. */
function isStillTaken(action: StoredAction, all: readonly StoredAction[]): boolean {
  return takenFrom(action.target, all).some((taking) => taking.state === "planned");
}

function takenFrom(mailbox: string, all: readonly StoredAction[]): readonly StoredAction[] {
  return all.filter((action) => TAKING.has(action.kind) && action.target === mailbox);
}

function limitFor(trouble: PosternError): number {
  if (!trouble.counts) return LIMITS.uncounted;
  if (trouble.code === "MESSAGE_NOT_FOUND" || trouble.code === "PROVIDER_FORBIDDEN") return LIMITS[trouble.code];
  return LIMITS.other;
}

function asTrouble(error: unknown, action: StoredAction, logger: Logger): PosternError {
  if (isPosternError(error)) {
    logger.info(
      { action: action.id, kind: action.kind, code: error.code, attempt: action.attempts, ...error.details },
      "action will be tried again or given up",
    );
    return error;
  }
  logger.error({ action: action.id, kind: action.kind, err: error }, "action failed unexpectedly");
  return new PosternError("PROVIDER_UNAVAILABLE", "unexpected failure");
}
