import type { BackfillOutcome, BackfillStore, BackfillTurn, TurnEnd } from "../core/backfill.ts";
import { isPosternError, PosternError } from "../core/errors.ts";
import type { Clock, Logger, MailConnector, Metrics } from "../core/ports.ts";
import type { Lease } from "../core/store.ts";
import { retryDelay } from "../pipeline/retry.ts";
import { type ScanDependencies, type Scanned, scan } from "../pipeline/scan.ts";

/** Listed with one call: its ids are few enough for one statement, and a year takes 52 calls a mailbox. */
const SPAN_MS = 7 * 86_400_000;
/** Messages of one turn; then the next mailbox has its own. */
const MESSAGES = 20;
/** Failed readings in a row before a mailbox is given up. */
const MOST_MAILBOX_ATTEMPTS = 5;
/** Attempts before a message is given up: those that count, and those that outages ended. */
const MOST_ATTEMPTS = { counted: 5, uncounted: 12 } as const;

export interface BackfillTurnDependencies {
  readonly backfills: BackfillStore;
  readonly scan: ScanDependencies;
  /** Does what is planned for a record. */
  readonly act: (recordId: string, signal: AbortSignal) => Promise<void>;
  readonly health: {
    readonly ok: (tenantId: string) => void;
    readonly trouble: (tenantId: string, error: PosternError) => void;
  };
  /** Resolves when no live mail waits and the pace allows another message; false when it is time to stop. */
  readonly mayScan: () => Promise<boolean>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * One turn of a mailbox: lists its next span of time, or scans a few of the messages that were listed. Whatever stops
 * it, the list in the database says where to go on.
 */
export async function takeTurn(
  turn: BackfillTurn,
  lease: Lease,
  dependencies: BackfillTurnDependencies,
  signal: AbortSignal,
): Promise<TurnEnd> {
  const { backfills, clock } = dependencies;
  const { backfill } = turn;
  const again: TurnEnd = { kind: "waits", until: clock.now(), reason: null };
  try {
    const connected = await dependencies.scan.tenant(backfill.tenantId);
    if (!connected) {
      const reason = "tenant-disconnected";
      await backfills.change(backfill.id, ["running", "paused"], "cancelled", reason, clock.now());
      return { ...again, reason };
    }
    if (turn.listedTo < backfill.until) {
      await listSpan(turn, lease, connected.connector, backfills, signal);
      dependencies.health.ok(backfill.tenantId);
      return again;
    }
    for (const { messageId, attempts } of await backfills.waiting(turn, MESSAGES, clock.now())) {
      if (!(await dependencies.mayScan())) break;
      const { provider } = connected.connector;
      const ref = { provider, tenantId: backfill.tenantId, mailbox: turn.mailbox, messageId };
      if (!(await scanOne(ref, attempts, turn, lease, dependencies, signal))) break;
    }
    return again;
  } catch (error) {
    if (signal.aborted) return again;
    return afterTrouble(error, turn, dependencies);
  }
}

async function listSpan(
  { backfill, mailbox, listedTo, ...rest }: BackfillTurn,
  lease: Lease,
  connector: MailConnector,
  backfills: BackfillStore,
  signal: AbortSignal,
): Promise<void> {
  const end = new Date(Math.min(listedTo.getTime() + SPAN_MS, backfill.until.getTime()));
  const ids: string[] = [];
  for await (const { messageId } of connector.list(mailbox, { since: listedTo, until: end }, signal))
    ids.push(messageId);
  await backfills.addListed({ backfill, mailbox, listedTo, ...rest }, lease.token, ids, end);
}

/** False when the turn is over: the backfill was stopped, or another worker holds the mailbox. */
async function scanOne(
  ref: Parameters<typeof scan>[0]["ref"],
  attempts: number,
  turn: BackfillTurn,
  lease: Lease,
  dependencies: BackfillTurnDependencies,
  signal: AbortSignal,
): Promise<boolean> {
  const { backfills, clock, metrics } = dependencies;
  const finish = (outcome: BackfillOutcome): Promise<boolean> => {
    metrics.count("postern_backfill_messages_total", { outcome: outcome.kind });
    return backfills.finish(turn, lease.token, ref.messageId, outcome, clock.now());
  };
  const { act, again } = turn.backfill;
  try {
    const job = { ref, stage: "sent", trigger: "backfill", past: { act, again } } as const;
    const scanned = await scan(job, dependencies.scan, signal);
    dependencies.health.ok(ref.tenantId);
    const { outcome, recordId } = await counted(scanned, turn, ref.messageId, backfills);
    const goesOn = await finish(outcome);
    if (recordId !== null) await dependencies.act(recordId, signal);
    return goesOn;
  } catch (error) {
    if (signal.aborted) throw error;
    const known = asPosternError(error, dependencies.logger);
    const reason = codeOf(known);
    if (known.code === "MESSAGE_NOT_FOUND") return finish({ kind: "skipped", reason: "gone" });
    // The tenant, the database or the provider as a whole: the message is not to blame.
    if (["PROVIDER_THROTTLED", "PROVIDER_UNAUTHORIZED", "STORE_UNAVAILABLE"].includes(known.code)) throw known;
    const most = known.counts ? MOST_ATTEMPTS.counted : MOST_ATTEMPTS.uncounted;
    if (known.retry === "never" || attempts + 1 >= most) return finish({ kind: "failed", reason });
    const until = new Date(clock.now().getTime() + retryDelay(known, attempts + 1));
    return backfills.postpone(turn, lease.token, ref.messageId, until, reason);
  }
}

/** What counts as what, and the record whose actions wait. */
async function counted(
  { outcome, reason, record, recordId }: Scanned,
  turn: BackfillTurn,
  messageId: string,
  backfills: BackfillStore,
): Promise<{ readonly outcome: BackfillOutcome; readonly recordId: string | null }> {
  if (record)
    return {
      outcome: { kind: "scanned", findings: record.findings.length, incident: record.verdict !== "allow" },
      recordId,
    };
  if (outcome !== "duplicate") return { outcome: { kind: "skipped", reason: reason ?? outcome }, recordId: null };
  // Known by its id: the process may have died between the record and the count.
  const own = reason === "known-id" ? await backfills.ownRecord(turn, messageId) : undefined;
  if (!own) return { outcome: { kind: "already" }, recordId: null };
  const { id, findings, incident } = own;
  return { outcome: { kind: "scanned", findings, incident }, recordId: turn.backfill.act ? id : null };
}

function afterTrouble(error: unknown, turn: BackfillTurn, dependencies: BackfillTurnDependencies): TurnEnd {
  const known = asPosternError(error, dependencies.logger);
  const { tenantId, id } = turn.backfill;
  dependencies.logger.info({ backfill: id, tenant: tenantId, code: known.code }, "a backfill's mailbox has to wait");
  dependencies.health.trouble(tenantId, known);
  const reason = codeOf(known);
  const attempt = turn.attempts + 1;
  if (known.retry === "never" || (known.counts && attempt >= MOST_MAILBOX_ATTEMPTS)) return { kind: "failed", reason };
  const until = new Date(dependencies.clock.now().getTime() + retryDelay(known, attempt));
  return { kind: "waits", until, reason };
}

function asPosternError(error: unknown, logger: Logger): PosternError {
  if (isPosternError(error)) return error;
  logger.error({ err: error }, "a backfill met an unexpected failure");
  return new PosternError("CONTENT_UNREADABLE", "unexpected failure", { retryAfterMs: 5_000 });
}

function codeOf(error: PosternError): string {
  return error.code.toLowerCase().replaceAll("_", "-");
}
