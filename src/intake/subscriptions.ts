import { randomBytes } from "node:crypto";
import { isPosternError, type PosternError } from "../core/errors.ts";
import type { Stage } from "../core/message.ts";
import type { Clock, Logger } from "../core/ports.ts";
import type { StoredWatch, WatchStore } from "../core/store.ts";
import type { Tenant } from "../core/tenant.ts";
import type { ConnectedTenant } from "../pipeline/scan.ts";
import type { Acceptor } from "./acceptor.ts";
import { forEachLimited } from "./limited.ts";
import { secretHash } from "./notifications.ts";

/** Registrations made at the same time for one tenant: far below Graph's 1,000 writes in 20 s. */
const AT_ONCE = 4;
/** A mailbox that refused is asked again no sooner than this. */
const REFUSED_PAUSE_MS = 60_000;

export interface SubscriptionDependencies {
  readonly watches: WatchStore;
  readonly acceptor: Acceptor;
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
  /** Brings a tenant's registrations to what they should be: every mailbox and stage watched, renewed at half life. */
  reconcile(connected: ConnectedTenant, mailboxes: readonly string[], signal: AbortSignal): Promise<void>;
  /** Looks at one registration at the next reconciliation, whatever its age; forgets it when it is gone. */
  suspect(watch: StoredWatch, removed: boolean): Promise<void>;
}

export function openSubscriptions(dependencies: SubscriptionDependencies): Subscriptions {
  const { watches, clock } = dependencies;
  const suspected = new Set<string>();
  const refusedUntil = new Map<string, number>();

  async function one(connected: ConnectedTenant, mailbox: string, stage: Stage, signal: AbortSignal): Promise<void> {
    const { tenant, connector } = connected;
    const place = `${tenant.id}\n${mailbox}\n${stage}`;
    const now = clock.now();
    if ((refusedUntil.get(place) ?? 0) > now.getTime()) return;
    const current = await watches.current(tenant.id, mailbox, stage);
    if (current && !suspected.has(current.watchId) && !isDue(current, now)) return;
    const clientState = randomBytes(32).toString("base64url");
    try {
      const watch = await connector.watch(
        {
          mailbox,
          stage,
          current: current && { id: current.watchId, expiresAt: current.expiresAt, created: false },
          notificationUrl: `${dependencies.publicUrl()}/webhooks/${tenant.provider}`,
          lifecycleUrl: `${dependencies.publicUrl()}/webhooks/${tenant.provider}/lifecycle`,
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
      const pause = error.retry === "never" ? REFUSED_PAUSE_MS : Math.max(error.retry.afterMs, 5_000);
      refusedUntil.set(place, now.getTime() + pause);
      dependencies.health.trouble(tenant.id, error);
      dependencies.logger.warn(
        { tenant: tenant.id, stage, code: error.code, ...error.details },
        "a mailbox could not be watched yet",
      );
    }
  }

  return {
    async reconcile(connected, mailboxes, signal) {
      const wanted = mailboxes.flatMap((mailbox) => watchedStages(connected).map((stage) => ({ mailbox, stage })));
      await forEachLimited(wanted, AT_ONCE, ({ mailbox, stage }) => one(connected, mailbox, stage, signal));
    },
    async suspect(watch, removed) {
      if (removed) await watches.remove(watch.watchId);
      else suspected.add(watch.watchId);
    },
  };
}

/** Gmail watches the mailbox as a whole; Graph a folder for each stage. */
export function watchedStages({ tenant }: { readonly tenant: Pick<Tenant, "provider" | "stages"> }): readonly Stage[] {
  const stages = tenant.stages.filter((stage) => stage === "sent" || stage === "outbox" || stage === "draft");
  return tenant.provider === "google" ? stages.filter((stage) => stage === "sent") : stages;
}

/** At half of its life, so that half a life of failed renewals is survived. */
function isDue(watch: StoredWatch, now: Date): boolean {
  const life = watch.expiresAt.getTime() - watch.createdAt.getTime();
  return now.getTime() >= watch.createdAt.getTime() + life / 2;
}
