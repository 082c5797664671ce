import { createHash, randomBytes } from "node:crypto";
import { isPosternError, type PosternError } from "../core/errors.ts";
import type { Stage } from "../core/message.ts";
import type { Clock, Logger } from "../core/ports.ts";
import type { EventStore, StoredWatch, SyncPoint, WatchStore } from "../core/store.ts";
import type { Tenant } from "../core/tenant.ts";
import type { ConnectedTenant } from "../pipeline/scan.ts";
import type { Acceptor } from "./acceptor.ts";
import { forEachLimited } from "./limited.ts";
import { secretHash } from "./notifications.ts";
import { openStrangers, placeOf } from "./strangers.ts";

/** Registrations made at the same time for one tenant; the connector keeps to the provider's rate. */
const AT_ONCE = 32;
/** Renewals begin at most this part of a life before its half, so that what was made together is not renewed together. */
const SPREAD = 0.1;
/** Google asks for a daily renewal of Gmail's registrations, which live for seven days. */
const DAY_MS = 86_400_000;
/** With less than this part of its life left (three of seven days) a registration that is not renewed is an alarm. */
const ALARM = 3 / 7;
/** A mailbox that refused is asked again no sooner than this. */
const REFUSED_PAUSE_MS = 60_000;
/** One that is not there (no licence, on premises) is asked again no sooner than this: a tenant has hundreds of them. */
const ABSENT_PAUSE_MS = 15 * 60_000;

export interface SubscriptionDependencies {
  readonly watches: WatchStore;
  readonly acceptor: Acceptor;
  readonly events?: Pick<EventStore, "append">;
  /** Where providers reach this installation. */
  readonly publicUrl: () => string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly health: {
    readonly ok: (tenantId: string) => void;
    readonly trouble: (tenantId: string, error: PosternError) => void;
  };
}

export interface Subscriptions {
  /**
   * Brings a tenant's registrations to what they should be: every mailbox and stage watched, renewed before half of its
   * life, and none beside them.
   */
  reconcile(connected: ConnectedTenant, mailboxes: readonly string[], signal: AbortSignal): Promise<void>;
  /** Whether the provider said lately that there is no such mailbox: then there is nothing to catch up with. */
  isAbsent(point: Pick<SyncPoint, "tenantId" | "mailbox" | "stage">): boolean;
  /** Looks at one registration at the next reconciliation, whatever its age; forgets it when it is gone. */
  suspect(watch: StoredWatch, removed: boolean): Promise<void>;
}

export function openSubscriptions(dependencies: SubscriptionDependencies): Subscriptions {
  const { watches, clock } = dependencies;
  const suspected = new Set<string>();
  const refusedUntil = new Map<string, number>();
  const notificationUrl = ({ tenant }: ConnectedTenant) => `${dependencies.publicUrl()}/webhooks/${tenant.provider}`;
  const absent = new Set<string>();
  const alarmed = new Set<string>();
  const suspect = (watch: StoredWatch): void => void suspected.add(watch.watchId);
  const strangers = openStrangers({ ...dependencies, notificationUrl, suspect });

  async function one(connected: ConnectedTenant, mailbox: string, stage: Stage, signal: AbortSignal): Promise<void> {
    const { tenant, connector } = connected;
    const place = `${tenant.id} ${placeOf({ mailbox, stage })}`;
    const now = clock.now();
    if ((refusedUntil.get(place) ?? 0) > now.getTime()) return;
    const current = await watches.current(tenant.id, mailbox, stage);
    const longestMs = tenant.provider === "google" ? DAY_MS : undefined;
    if (current && !suspected.has(current.watchId) && !isDue(current, now, longestMs)) return;
    const clientState = randomBytes(32).toString("base64url");
    try {
      const watch = await connector.watch(
        {
          mailbox,
          stage,
          current: current && { id: current.watchId, expiresAt: current.expiresAt, created: false },
          notificationUrl: notificationUrl(connected),
          lifecycleUrl: `${notificationUrl(connected)}/lifecycle`,
          clientState,
        },
        signal,
      );
      const fresh = watch.created || !current;
      await watches.save({
        tenantId: tenant.id,
        mailbox,
        stage,
        watchId: watch.id,
        secretHash: fresh ? secretHash(clientState) : current.secretHash,
        expiresAt: watch.expiresAt,
        createdAt: now,
      });
      if (current) suspected.delete(current.watchId);
      absent.delete(place);
      dependencies.health.ok(tenant.id);
      // What happened before the registration stood was not told to us.
      if (fresh)
        await dependencies.acceptor.accept([
          {
            tenantId: tenant.id,
            provider: tenant.provider,
            mailbox,
            stage,
            trigger: "catch-up",
            kind: "sync",
            messageId: null,
          },
        ]);
    } catch (error) {
      if (signal.aborted) throw error;
      if (!isPosternError(error)) throw error;
      refusedUntil.set(place, now.getTime() + pauseAfter(error));
      if (error.code === "MAILBOX_UNAVAILABLE") absent.add(place);
      if (current) await alarm(current, error);
      dependencies.health.trouble(tenant.id, error);
      dependencies.logger.warn(
        { tenant: tenant.id, stage, code: error.code, ...error.details },
        "a mailbox could not be watched yet",
      );
    }
  }

  /** A registration that is near its end although it was to be renewed days ago, once. */
  async function alarm(watch: StoredWatch, error: PosternError): Promise<void> {
    const { tenantId, mailbox, stage, watchId, createdAt, expiresAt } = watch;
    const now = dependencies.clock.now();
    const left = expiresAt.getTime() - now.getTime();
    const key = `${watchId} ${mailbox} ${expiresAt.getTime()}`;
    if (left > ALARM * (expiresAt.getTime() - createdAt.getTime()) || alarmed.has(key)) return;
    const body = { what: "watch-ending", mailbox, stage, expiresAt: expiresAt.toISOString(), code: error.code };
    await dependencies.events?.append(tenantId, "coverage", body, now);
    alarmed.add(key);
  }

  return {
    async reconcile(connected, mailboxes, signal) {
      // Where nobody is known the directory could not be read: that is no reason to end anything.
      if (mailboxes.length === 0) return;
      const wanted = mailboxes.flatMap((mailbox) => registeredStages(connected).map((stage) => ({ mailbox, stage })));
      await strangers.prune(connected, new Set(wanted.map(placeOf)), signal);
      await forEachLimited(wanted, AT_ONCE, ({ mailbox, stage }) => one(connected, mailbox, stage, signal));
    },
    isAbsent: (point) => absent.has(`${point.tenantId} ${placeOf(point)}`),
    async suspect(watch, removed) {
      if (removed) await watches.remove(watch.watchId);
      else suspect(watch);
    },
  };
}

/** The stages that the provider can be read at: Gmail has no outbox. */
export function watchedStages({ tenant }: { readonly tenant: Pick<Tenant, "provider" | "stages"> }): readonly Stage[] {
  const stages = tenant.stages.filter((stage) => stage === "sent" || stage === "outbox" || stage === "draft");
  return tenant.provider === "google" ? stages.filter((stage) => stage !== "outbox") : stages;
}

/** Graph has a registration for each folder. Gmail's is for the mailbox and told of sent mail; drafts wait for the sweep. */
function registeredStages(connected: ConnectedTenant): readonly Stage[] {
  const stages = watchedStages(connected);
  return connected.tenant.provider === "google" ? stages.filter((stage) => stage === "sent") : stages;
}

function pauseAfter({ code, retry }: PosternError): number {
  if (code === "MAILBOX_UNAVAILABLE") return ABSENT_PAUSE_MS;
  return retry === "never" ? REFUSED_PAUSE_MS : Math.max(retry.afterMs, 5_000);
}

/**
 * At half of its life, so that half a life of failed renewals is survived, or after `longestMs`; each a little earlier,
 * always by the same part, which its id and mailbox decide.
 */
export function isDue(
  watch: Pick<StoredWatch, "watchId" | "createdAt" | "expiresAt"> & Partial<Pick<StoredWatch, "mailbox">>,
  now: Date,
  longestMs = Number.POSITIVE_INFINITY,
): boolean {
  const { watchId, mailbox = "", createdAt, expiresAt } = watch;
  const half = (expiresAt.getTime() - createdAt.getTime()) / 2;
  const part = createHash("sha256").update(watchId).update(mailbox).digest().readUInt16BE() / 0x1_00_00;
  return now.getTime() >= createdAt.getTime() + Math.min(half, longestMs) * (1 - 2 * SPREAD * part);
}
