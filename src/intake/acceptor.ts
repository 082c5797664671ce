import { setImmediate as endOfTurn } from "node:timers/promises";
import type { Clock, Logger, Queue } from "../core/ports.ts";
import type { InboxStore, NewInboxItem } from "../core/store.ts";
import { type FairShares, openFairShares, type Rank } from "./fair-share.ts";

/** What the queues carry: the id of an inbox item or of a message record, nothing else. */
export interface WakeUp {
  readonly id: string;
}

export interface Acceptor {
  /** Durable when it resolves. The workers are woken afterwards; when the queue is away, the sweep does it. */
  accept(items: readonly NewInboxItem[]): Promise<void>;
  /** What an item waits behind when it is woken again. */
  readonly rank: FairShares["rank"];
}

export interface AcceptorDependencies {
  readonly inbox: Pick<InboxStore, "accept">;
  readonly scans: Queue<WakeUp>;
  readonly syncs: Queue<WakeUp>;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Batch {
  readonly items: NewInboxItem[];
  readonly written: Promise<void>;
}

/**
 * Group commit: what arrives while one insert is under way goes into the next, so that a burst of web hooks costs a
 * few writes and each still waits for its own to be durable.
 */
export function openAcceptor(dependencies: AcceptorDependencies): Acceptor {
  const { inbox, clock, logger } = dependencies;
  const shares = openFairShares();
  let gathering: Batch | undefined;
  let writing: Promise<unknown> = Promise.resolve();

  function gather(): Batch {
    const items: NewInboxItem[] = [];
    const written = writing.then(async () => {
      await endOfTurn();
      gathering = undefined;
      const ranked = items.map((item) => ({ item, rank: shares.rank(item) }));
      for (const rank of ["live", "crowded"] as const)
        for (const kind of ["message", "sync"] as const) {
          const ids = await write(
            ranked.filter((one) => one.rank === rank).map((one) => one.item),
            kind,
          );
          wake(kind === "message" ? dependencies.scans : dependencies.syncs, ids, rank);
        }
    });
    writing = written.catch(() => undefined);
    return { items, written };
  }

  async function write(items: readonly NewInboxItem[], kind: NewInboxItem["kind"]): Promise<readonly string[]> {
    const ofKind = items.filter((item) => item.kind === kind);
    return ofKind.length === 0 ? [] : inbox.accept(ofKind, clock.now());
  }

  function wake(queue: Queue<WakeUp>, ids: readonly string[], priority: Rank): void {
    if (ids.length === 0) return;
    queue.addMany(ids.map((id) => ({ job: { id }, key: id, priority }))).catch((error: unknown) => {
      logger.warn({ err: error, items: ids.length }, "the queue did not take wake-ups; the sweep will");
    });
  }

  return {
    rank: shares.rank,
    async accept(items) {
      if (items.length === 0) return;
      gathering ??= gather();
      const batch = gathering;
      batch.items.push(...items);
      await batch.written;
    },
  };
}
