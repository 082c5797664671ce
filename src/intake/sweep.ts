import type { Clock, Queue } from "../core/ports.ts";
import type { ActionStore, InboxStore } from "../core/store.ts";
import type { Acceptor, WakeUp } from "./acceptor.ts";

const BATCH = 500;
/**
 * In a backlog nearly all that is due waits in the queue as well, and saying so again costs as much as doing it. The
 * same is said again after so long (ms) only, for the case that the queue lost it.
 */
const AGAIN_MS = 20_000;

export interface SweepDependencies {
  readonly inbox: Pick<InboxStore, "due">;
  readonly actions: Pick<ActionStore, "due">;
  readonly acceptor: Pick<Acceptor, "rank">;
  readonly queues: { readonly scans: Queue<WakeUp>; readonly syncs: Queue<WakeUp>; readonly acts: Queue<WakeUp> };
  readonly clock: Clock;
}

/** Wakes the workers for what is due and held by nobody: the queue may have lost it, or its worker died. */
export function openSweep({ inbox, actions, acceptor, queues, clock }: SweepDependencies): () => Promise<void> {
  const saidAt = new Map<string, number>();

  /** Of the keys, those that were not said lately. */
  function news<Due>(due: readonly Due[], keyOf: (each: Due) => string): readonly Due[] {
    const now = clock.now().getTime();
    for (const [key, at] of saidAt) if (at <= now - AGAIN_MS) saidAt.delete(key);
    return due.filter((each) => {
      const key = keyOf(each);
      return !saidAt.has(key) && saidAt.set(key, now);
    });
  }

  async function say(): Promise<void> {
    // Each try of an item is woken for itself.
    const items = news(await inbox.due(clock.now(), BATCH), ({ id, tries }) => `item ${id} ${tries}`);
    const wake = (kind: "message" | "sync") =>
      items
        .filter((item) => item.kind === kind)
        .map((item) => ({ job: { id: item.id }, key: item.id, priority: acceptor.rank(item) }));
    await queues.scans.addMany(wake("message"));
    await queues.syncs.addMany(wake("sync"));
    const messages = news(await actions.due(clock.now(), BATCH), (id) => `actions ${id}`);
    await queues.acts.addMany(messages.map((id) => ({ job: { id }, key: id, priority: "live" as const })));
  }

  return () =>
    say().catch((error: unknown) => {
      saidAt.clear();
      throw error;
    });
}
