import type { Clock, Logger } from "../core/ports.ts";
import type { LeaseStore, SyncStore } from "../core/store.ts";
import { newLease, renewed } from "../pipeline/lease.ts";
import type { ConnectedTenant } from "../pipeline/scan.ts";
import type { Acceptor } from "./acceptor.ts";
import { readChosenMailboxes } from "./chosen-mailboxes.ts";
import type { DirectoryReadingDependencies } from "./directory-reading.ts";
import { type DirectoryWatch, openDirectoryWatch } from "./directory-watch.ts";
import { acceptGmailHints, type NotificationDependencies } from "./notifications.ts";
import { pause } from "./pause.ts";
import { type Subscriptions, watchedStages } from "./subscriptions.ts";
import { openSweep, type SweepDependencies } from "./sweep.ts";
import { sweepShare } from "./sweep-share.ts";

/** Sleeping work is looked for this often: what a crash or a lost wake-up left behind. */
const SWEEP_MS = 2_000;
const RECONCILE_MS = 15_000;

export interface ScheduleDependencies extends SweepDependencies {
  readonly syncs: Pick<SyncStore, "list">;
  readonly leases: LeaseStore;
  readonly acceptor: Acceptor;
  readonly subscriptions: Subscriptions;
  readonly notifications: Pick<NotificationDependencies, "acceptor" | "metrics">;
  readonly directoryReading: DirectoryReadingDependencies;
  /** Compares a tenant's sent mail with the provider's traces, where a window is due. */
  readonly compareTraces: (connected: ConnectedTenant, signal: AbortSignal) => Promise<void>;
  /** Lists the mailboxes whose time of day has come. */
  readonly relist: (connected: ConnectedTenant, signal: AbortSignal) => Promise<void>;
  readonly tenants: () => Promise<readonly ConnectedTenant[]>;
  /** Ends held messages whose time has come; called once a minute and at the start. */
  readonly expire: (signal: AbortSignal) => Promise<void>;
  /** Sends the digests whose hour is over; called once a minute and at the start. */
  readonly digest: () => Promise<void>;
  /** Every mailbox is read from its cursor this often, notifications or not. */
  readonly catchUpEveryMs: number;
  /** So long after its end another process takes over from the one that leads; the usual length when absent. */
  readonly leaseMs?: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Schedule {
  /** Looks at a tenant's registrations now: it was just connected, or a registration was lost. */
  hurry(): void;
  stop(): Promise<void>;
}

/** All that happens by the clock. One process at a time does it, decided by a lease in the database. */
export function startSchedule(dependencies: ScheduleDependencies): Schedule {
  const { clock, logger } = dependencies;
  const stopping = new AbortController();
  const { signal } = stopping;
  const lease = newLease(clock, dependencies.leaseMs);
  let leading = false;
  const running = new Set<Promise<void>>();
  const timers: NodeJS.Timeout[] = [];
  const directories = openDirectoryWatch({ reading: dependencies.directoryReading, clock, logger });

  /** Runs `work` now and then every `everyMs`, never twice at the same time, and only while this process leads. */
  function every(everyMs: number, name: string, work: () => Promise<void>): () => void {
    let busy = false;
    let again = false;
    const turn = (): void => {
      if (signal.aborted || !leading) return;
      if (busy) {
        again = true;
        return;
      }
      busy = true;
      const run = work()
        .catch((error: unknown) => {
          if (!signal.aborted) logger.warn({ err: error, task: name }, "a scheduled task failed and will run again");
        })
        .finally(() => {
          busy = false;
          running.delete(run);
          if (again) {
            again = false;
            turn();
          }
        });
      running.add(run);
    };
    timers.push(setInterval(turn, everyMs));
    return turn;
  }

  const turns = [
    every(SWEEP_MS, "sweep", openSweep(dependencies)),
    every(RECONCILE_MS, "subscriptions", () => reconcile(dependencies, directories, signal)),
    every(dependencies.catchUpEveryMs, "catch-up", () => catchUpAll(dependencies)),
    every(dependencies.catchUpEveryMs, "traces", () => compareAllTraces(dependencies, signal)),
    every(60_000, "listings", async () => {
      for (const connected of await dependencies.tenants()) await dependencies.relist(connected, signal);
    }),
    every(60_000, "expiry", () => dependencies.expire(signal)),
    every(60_000, "digests", () => dependencies.digest()),
    every(dependencies.catchUpEveryMs, "directory", () =>
      followDirectories(dependencies, directories, () => reconcileNow(), signal),
    ),
  ];
  const reconcileNow = turns[1] as () => void;
  const pulls = startPulls(dependencies, () => leading, signal);

  async function lead(): Promise<void> {
    const now = await dependencies.leases.acquire("schedule", renewed(lease, clock), clock.now()).catch(() => false);
    const begins = now && !leading;
    leading = now;
    if (begins) for (const turn of turns) turn();
  }
  timers.push(setInterval(() => void lead(), lease.ms / 3));
  void lead();

  return {
    hurry: () => reconcileNow(),
    async stop() {
      stopping.abort();
      for (const timer of timers) clearInterval(timer);
      await Promise.allSettled([...running, pulls]);
      await dependencies.leases.release("schedule", lease.token).catch(() => undefined);
    },
  };
}

async function reconcile(
  dependencies: ScheduleDependencies,
  directories: DirectoryWatch,
  signal: AbortSignal,
): Promise<void> {
  const { directory } = dependencies.directoryReading;
  for (const connected of await dependencies.tenants()) {
    // Connected while its directory could not be read: tried until it can.
    if ((await directory.mailboxes(connected.tenant.id)).length === 0) await directories.follow(connected, signal);
    const chosen = await readChosenMailboxes(connected.tenant, directory);
    await dependencies.subscriptions.reconcile(connected, chosen, signal);
  }
}

async function catchUpAll(dependencies: ScheduleDependencies): Promise<void> {
  for (const { tenant } of await dependencies.tenants()) {
    const stages = new Set(watchedStages({ tenant }));
    // The point of a mailbox that left is kept: if it comes back it is read on from there.
    const chosen = new Set(await readChosenMailboxes(tenant, dependencies.directoryReading.directory));
    const points = await dependencies.syncs.list(tenant.id);
    const standing = points
      .filter((point) => stages.has(point.stage) && chosen.has(point.mailbox))
      .filter((point) => !dependencies.subscriptions.isAbsent(point));
    await dependencies.acceptor.accept(
      sweepShare(standing, tenant.provider, dependencies.catchUpEveryMs, dependencies.clock.now()).map(
        ({ mailbox, stage }) => ({
          tenantId: tenant.id,
          provider: tenant.provider,
          mailbox,
          stage,
          trigger: "catch-up",
          kind: "sync",
          messageId: null,
        }),
      ),
    );
  }
}

async function compareAllTraces(
  { tenants, compareTraces, logger }: ScheduleDependencies,
  signal: AbortSignal,
): Promise<void> {
  for (const connected of await tenants())
    await compareTraces(connected, signal).catch((error: unknown) => {
      if (!signal.aborted) logger.warn({ err: error, tenant: connected.tenant.id }, "traces could not be compared yet");
    });
}

async function followDirectories(
  { tenants }: ScheduleDependencies,
  directories: DirectoryWatch,
  changed: () => void,
  signal: AbortSignal,
): Promise<void> {
  for (const connected of await tenants()) if (await directories.follow(connected, signal)) changed();
}

/** Pub/Sub pull: one waiting call for each tenant that is polled, as long as this process leads. */
async function startPulls(
  dependencies: ScheduleDependencies,
  leading: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  const pulling = new Map<string, Promise<void>>();
  while (!signal.aborted) {
    const tenants = leading() ? await dependencies.tenants().catch(() => []) : [];
    for (const connected of tenants) {
      const { id } = connected.tenant;
      if (!connected.connector.pull || pulling.has(id)) continue;
      pulling.set(
        id,
        pullOnce(connected, dependencies, signal).finally(() => pulling.delete(id)),
      );
    }
    await pause(250, signal);
  }
  await Promise.allSettled(pulling.values());
}

/** Hints are acknowledged after they are durable; those of mailboxes that are not watched are dropped. */
async function pullOnce(
  { tenant, connector }: ConnectedTenant,
  dependencies: ScheduleDependencies,
  signal: AbortSignal,
): Promise<void> {
  try {
    const pulled = await connector.pull?.(signal);
    if (!pulled || pulled.hints.length === 0) return await pulled?.acknowledge();
    const watched = new Set(await readChosenMailboxes(tenant, dependencies.directoryReading.directory));
    await acceptGmailHints(
      pulled.hints,
      tenant.id,
      async (mailbox) => watched.has(mailbox),
      dependencies.notifications,
    );
    await pulled.acknowledge();
  } catch (error) {
    if (signal.aborted) return;
    dependencies.logger.warn({ err: error, tenant: tenant.id }, "notifications could not be pulled");
    await pause(5_000, signal);
  }
}
