import { isPosternError } from "../core/errors.ts";
import type { Changes, Clock, Logger, MailConnector } from "../core/ports.ts";
import type { EventStore, InboxItem, SyncPoint, SyncStore } from "../core/store.ts";
import type { Acceptor } from "./acceptor.ts";

/** How far before the last complete reading a lost cursor is replaced from: late-indexed mail is not missed. */
const MARGIN_MS = 3_600_000;

export interface CatchUpDependencies {
  readonly syncs: SyncStore;
  readonly events: Pick<EventStore, "append">;
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
    const since = new Date(Math.max(point.since.getTime(), (point.syncedAt ?? point.since).getTime() - MARGIN_MS));
    dependencies.logger.warn({ tenant: point.tenantId, stage }, "the provider forgot a cursor; reading back");
    await dependencies.events.append(
      point.tenantId,
      "coverage",
      { what: "cursor-expired", mailbox, stage, since: since.toISOString() },
      dependencies.clock.now(),
    );
    return connector.changes({ mailbox, stage, cursor: undefined, since }, signal);
  }
}
