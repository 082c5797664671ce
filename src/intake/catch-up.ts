import { randomUUID } from "node:crypto";
import { isPosternError, PosternError } from "../core/errors.ts";
import type { Changes, Clock, Logger, MailConnector } from "../core/ports.ts";
import type { EventStore, InboxItem, LeaseStore, SyncPoint, SyncStore } from "../core/store.ts";
import type { Acceptor } from "./acceptor.ts";

/** How far before the last complete reading a lost cursor is replaced from: late-indexed mail is not missed. */
const MARGIN_MS = 3_600_000;
/** A mailbox is read back so seldom (ms), however often its cursor is refused: a reading back costs many calls. */
const READ_BACK_MS = 600_000;

export interface CatchUpDependencies {
  readonly syncs: SyncStore;
  readonly events: Pick<EventStore, "append">;
  readonly leases: Pick<LeaseStore, "acquire" | "release">;
  readonly acceptor: Acceptor;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Reads what is new in a mailbox from the stored cursor. The cursor moves last: a crash repeats, it never skips.
 * A cursor that the provider has forgotten is replaced by reading back to the last complete reading less a margin.
 */
export async function catchUp(
  item: InboxItem,
  connector: MailConnector,
  dependencies: CatchUpDependencies,
  signal: AbortSignal,
): Promise<void> {
  const { syncs, acceptor, clock } = dependencies;
  const point = await syncs.get(item.tenantId, item.mailbox, item.stage);
  if (!point) return;
  const begun = clock.now();
  const changes = await changesSince(point, connector, dependencies, signal);
  await acceptor.accept(
    changes.messages.map((ref) => ({
      tenantId: item.tenantId,
      provider: ref.provider,
      mailbox: item.mailbox,
      stage: item.stage,
      // For Gmail the notification only says that something happened: what is read after it came by notification.
      trigger: item.trigger,
      kind: "message",
      messageId: ref.messageId,
    })),
  );
  await syncs.save({ ...point, cursor: changes.cursor, syncedAt: begun });
}

async function changesSince(
  point: SyncPoint,
  connector: MailConnector,
  dependencies: CatchUpDependencies,
  signal: AbortSignal,
): Promise<Changes> {
  const { mailbox, stage } = point;
  if (point.cursor === null)
    return connector.changes({ mailbox, stage, cursor: undefined, since: point.since }, signal);
  try {
    return await connector.changes({ mailbox, stage, cursor: point.cursor, since: point.since }, signal);
  } catch (error) {
    if (!isPosternError(error, "CURSOR_EXPIRED")) throw error;
    return await readBack(point, connector, dependencies, signal);
  }
}

/** Once in ten minutes for a mailbox and stage, in whatever process; one that did not succeed does not count. */
async function readBack(
  point: SyncPoint,
  connector: MailConnector,
  { leases, events, clock, logger }: CatchUpDependencies,
  signal: AbortSignal,
): Promise<Changes> {
  const { tenantId, mailbox, stage } = point;
  const name = `read-back/${tenantId}/${stage}/${mailbox}`;
  const now = clock.now();
  const token = randomUUID();
  if (!(await leases.acquire(name, { token, until: new Date(now.getTime() + READ_BACK_MS) }, now))) {
    throw new PosternError("PROVIDER_THROTTLED", "The mailbox was read back a moment ago", {
      retryAfterMs: READ_BACK_MS / 2,
      details: { reason: "read-back" },
    });
  }
  try {
    const since = new Date(Math.max(point.since.getTime(), (point.syncedAt ?? point.since).getTime() - MARGIN_MS));
    logger.warn({ tenant: tenantId, stage }, "the provider forgot a cursor; reading back");
    await events.append(
      tenantId,
      "coverage",
      { what: "cursor-expired", mailbox, stage, since: since.toISOString() },
      now,
    );
    return await connector.changes({ mailbox, stage, cursor: undefined, since }, signal);
  } catch (error) {
    await leases.release(name, token);
    throw error;
  }
}
