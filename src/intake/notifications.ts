import { createHash, timingSafeEqual } from "node:crypto";
import type { Hint, Metrics } from "../core/ports.ts";
import type { NewInboxItem, StoredWatch, WatchStore } from "../core/store.ts";
import type { Acceptor } from "./acceptor.ts";
import type { Refusals } from "./refusals.ts";

export interface NotificationDependencies {
  readonly watches: Pick<WatchStore, "find">;
  readonly acceptor: Acceptor;
  readonly metrics: Metrics;
  readonly refusals: Refusals;
  /** A registration is gone, or near its end: the subscriptions' loop looks at it now. */
  readonly lookAtWatch: (watch: StoredWatch, removed: boolean) => void;
}

/**
 * Microsoft Graph: each hint must name a subscription of ours, of the tenant that it claims, with the secret of that
 * subscription. The others are dropped one by one and counted; the good ones of the same body survive (threat T-01).
 * Resolves when what was good is durable.
 */
export async function acceptGraphHints(hints: readonly Hint[], dependencies: NotificationDependencies): Promise<void> {
  const judged = await Promise.all(hints.map((hint) => judge(hint, dependencies)));
  const items: NewInboxItem[] = [];
  for (const verdict of judged) {
    if (typeof verdict === "string") {
      dependencies.metrics.count("postern_notifications_refused_total", { reason: verdict });
      dependencies.refusals.note("microsoft", verdict);
    } else items.push(...verdict);
  }
  dependencies.metrics.count("postern_notifications_total", { provider: "microsoft" }, hints.length);
  await dependencies.acceptor.accept(items);
}

async function judge(hint: Hint, dependencies: NotificationDependencies): Promise<string | NewInboxItem[]> {
  if (hint.kind === "mailbox") return "unexpected-kind";
  const watch = await dependencies.watches.find(hint.watchId);
  if (!watch) return "unknown-subscription";
  if (!sameSecret(hint.secret, watch.secretHash)) return "wrong-client-state";
  if (hint.tenant.toLowerCase() !== watch.externalTenantId.toLowerCase()) return "foreign-tenant";
  const origin = {
    tenantId: watch.tenantId,
    provider: "microsoft",
    mailbox: watch.mailbox,
    stage: watch.stage,
    trigger: "notification",
  } as const;
  if (hint.kind === "message") return [{ ...origin, kind: "message", messageId: hint.messageId }];
  if (hint.event !== "missed") dependencies.lookAtWatch(watch, hint.event === "removed");
  return hint.event === "reauthorization-required"
    ? []
    : [{ ...origin, trigger: "catch-up", kind: "sync", messageId: null }];
}

/** Constant time, on digests of equal length. */
function sameSecret(secret: string, storedHash: string): boolean {
  return timingSafeEqual(Buffer.from(secretHash(secret), "hex"), Buffer.from(storedHash, "hex"));
}

/** What is stored of a subscription's client state: SHA-256, hex. */
export function secretHash(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Gmail: something happened in a mailbox. What, is read from the stored cursor. */
export async function acceptGmailHints(
  hints: readonly Hint[],
  tenantId: string,
  isWatched: (mailbox: string) => Promise<boolean>,
  dependencies: Pick<NotificationDependencies, "acceptor" | "metrics">,
): Promise<void> {
  dependencies.metrics.count("postern_notifications_total", { provider: "google" }, hints.length);
  const mailboxes = new Set(hints.flatMap((hint) => (hint.kind === "mailbox" ? [hint.mailbox.toLowerCase()] : [])));
  const items: NewInboxItem[] = [];
  for (const mailbox of mailboxes) {
    if (await isWatched(mailbox))
      items.push({
        tenantId,
        provider: "google",
        mailbox,
        stage: "sent",
        trigger: "notification",
        kind: "sync",
        messageId: null,
      });
    else dependencies.metrics.count("postern_notifications_refused_total", { reason: "unknown-mailbox" });
  }
  await dependencies.acceptor.accept(items);
}
