import { createHash } from "node:crypto";
import { isPosternError } from "../core/errors.ts";
import type { Clock, Logger } from "../core/ports.ts";
import type { DirectoryStore, EventStore, InboxStore, SyncPoint, SyncStore } from "../core/store.ts";
import type { ConnectedTenant } from "../pipeline/scan.ts";
import type { Acceptor } from "./acceptor.ts";
import { readChosenMailboxes } from "./chosen-mailboxes.ts";
import { forEachLimited } from "./limited.ts";
import { watchedStages } from "./subscriptions.ts";

/** Each mailbox once a day, at its own time. */
const DAY_MS = 86_400_000;
/** Two days are listed, so that a day on which nothing ran is made up for. */
const WINDOW_MS = 2 * DAY_MS;
/** Younger mail (ms) is on its way through notification and catch-up. */
const YOUNG_MS = 600_000;
/** While a tenant is being connected (ms) its mailboxes' first cursors are taken: what was sent then may be the past. */
const BEGINNING_MS = 300_000;
const AT_ONCE = 4;

export interface RelistingDependencies {
  readonly directory: Pick<DirectoryStore, "mailboxes" | "groups">;
  readonly syncs: Pick<SyncStore, "list">;
  readonly inbox: Pick<InboxStore, "find">;
  readonly events: Pick<EventStore, "append">;
  readonly acceptor: Pick<Acceptor, "accept">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * The last net below notifications and cursors: once a day a mailbox's sent mail is listed and compared with what was
 * accepted. Mail that was not is taken in, and a `listed-only` event tells of it. For Gmail: its history answers without
 * a word about what its index missed, where Graph's delta is a list.
 * @returns the function that lists the mailboxes whose time came since it was called before.
 */
export function openRelisting(
  dependencies: RelistingDependencies,
): (connected: ConnectedTenant, signal: AbortSignal) => Promise<void> {
  const { directory, syncs, clock, logger } = dependencies;
  const lookedAt = new Map<string, number>();

  return async (connected, signal) => {
    const { tenant } = connected;
    const now = clock.now();
    const before = lookedAt.get(tenant.id);
    lookedAt.set(tenant.id, now.getTime());
    if (before === undefined || tenant.provider !== "google" || !watchedStages({ tenant }).includes("sent")) return;
    const chosen = new Set(await readChosenMailboxes(tenant, directory));
    const due = (await syncs.list(tenant.id)).filter(
      ({ mailbox, stage }) => stage === "sent" && chosen.has(mailbox) && isDue(mailbox, before, now.getTime()),
    );
    await forEachLimited(due, AT_ONCE, async (point) => {
      try {
        await relist(point, connected, dependencies, signal);
      } catch (error) {
        if (signal.aborted || !isPosternError(error)) throw error;
        logger.info({ tenant: tenant.id, code: error.code }, "a mailbox could not be listed; tomorrow again");
      }
    });
  };
}

/** Whether the mailbox's time of day, which its address decides, lies after `before` and not after `now`. */
export function isDue(mailbox: string, before: number, now: number): boolean {
  const time = (createHash("sha256").update(mailbox).digest().readUInt32BE() / 0x1_0000_0000) * DAY_MS;
  return Math.floor((now - time) / DAY_MS) > Math.floor((before - time) / DAY_MS);
}

async function relist(
  { tenantId, mailbox, stage, since }: SyncPoint,
  { connector }: ConnectedTenant,
  { inbox, events, acceptor, clock }: RelistingDependencies,
  signal: AbortSignal,
): Promise<void> {
  const now = clock.now();
  const window = {
    since: new Date(Math.max(since.getTime() + BEGINNING_MS, now.getTime() - WINDOW_MS)),
    until: new Date(now.getTime() - YOUNG_MS),
  };
  if (window.since >= window.until) return;
  for await (const ref of connector.list(mailbox, window, signal)) {
    if ((await inbox.find(ref, stage)) !== undefined) continue;
    const { provider, messageId } = ref;
    await acceptor.accept([{ tenantId, provider, mailbox, stage, trigger: "catch-up", kind: "message", messageId }]);
    const body = { what: "listed-only", mailbox, stage, providerMessageId: messageId };
    await events.append(tenantId, "coverage", body, clock.now());
  }
}
