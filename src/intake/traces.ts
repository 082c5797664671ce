import { isPosternError } from "../core/errors.ts";
import type { Clock, Logger, SentTrace } from "../core/ports.ts";
import type { DirectoryStore, EventStore, MessageStore, SyncPoint, SyncStore } from "../core/store.ts";
import type { DirectoryMailbox } from "../core/tenant.ts";
import type { ConnectedTenant } from "../pipeline/scan.ts";
import { chosenMailboxes } from "./chosen-mailboxes.ts";

/** Traces are complete some while after the mail was sent (ms). */
const LAG_MS = 3_600_000;
/** Windows are compared from this length (ms) on, a day at a time at most. */
const SHORTEST_MS = 1_800_000;
const LONGEST_MS = 86_400_000;
/** A mailbox that could not be read for so long (ms) does not hold the comparison up any more. */
const GIVEN_UP_MS = 86_400_000;
/** Events of one window at most; the count in the log is whole. */
const TOLD_AT_MOST = 1_000;
/** Stands in the place of a mailbox among the tenant's sync points; no address is like it. */
export const TRACES = "message-traces";
/** In the place of the cursor while the right is missing. */
export const NOT_PERMITTED = "not-permitted";

export interface TraceDependencies {
  readonly syncs: SyncStore;
  readonly directory: Pick<DirectoryStore, "mailboxes" | "groups">;
  readonly messages: Pick<MessageStore, "list">;
  readonly events: Pick<EventStore, "append">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Compares what transport handled with what was scanned: mail that never stood in Sent Items (SMTP relay, clients that
 * keep no copy) becomes a `not-seen` event. Does the next window when one is due; its end is noted after its events.
 */
export async function compareTraces(
  { tenant, connector }: ConnectedTenant,
  dependencies: TraceDependencies,
  signal: AbortSignal,
): Promise<void> {
  if (!connector.traces) return;
  const { syncs, directory, clock, logger } = dependencies;
  const now = clock.now();
  const [mailboxes, groups] = await Promise.all([directory.mailboxes(tenant.id), directory.groups(tenant.id)]);
  const chosen = new Set(chosenMailboxes(tenant, mailboxes, groups));
  const points = await syncs.list(tenant.id);
  const place = { tenantId: tenant.id, mailbox: TRACES, stage: "sent" } as const;
  const since = points.find(({ mailbox }) => mailbox === TRACES)?.since ?? tenant.createdAt;
  const until = endOf(
    since,
    points.filter(({ mailbox }) => chosen.has(mailbox)),
    now,
  );
  if (until === undefined) return;
  try {
    const traces = await connector.traces({ since, until }, signal);
    const watched = mailboxes.filter(({ address }) => chosen.has(address));
    const begun = new Map(points.map((point) => [point.mailbox, point.since]));
    const own = ofSenders(traces, watched, tenant.serviceMailbox);
    // What was sent before its mailbox came under watch is nobody's gap.
    const meant = own.filter(({ at, mailbox }) => (at ?? now) >= (begun.get(mailbox) ?? now));
    const unseen = await notSeen(meant, tenant.id, dependencies);
    for (const event of unseen.slice(0, TOLD_AT_MOST))
      await dependencies.events.append(tenant.id, "coverage", event, clock.now());
    if (unseen.length > 0)
      logger.warn({ tenant: tenant.id, messages: unseen.length }, "sent mail was never seen in Sent Items");
    await syncs.save({ ...place, cursor: null, since: until, syncedAt: now });
  } catch (error) {
    if (!isPosternError(error) || (error.code !== "PROVIDER_FORBIDDEN" && error.code !== "PROVIDER_REFUSED"))
      throw error;
    // Asked for again later: the right may be granted at any time. What is older than the right is not looked into.
    await syncs.save({ ...place, cursor: NOT_PERMITTED, since: until, syncedAt: null });
  }
}

/** As far as every mailbox that can be read was read; undefined while that is too short a window. */
function endOf(since: Date, points: readonly SyncPoint[], now: Date): Date | undefined {
  const read = points
    .map(({ syncedAt }) => syncedAt?.getTime() ?? now.getTime())
    .filter((at) => now.getTime() - at < GIVEN_UP_MS);
  const end = Math.min(now.getTime() - LAG_MS, since.getTime() + LONGEST_MS, ...read);
  return end - since.getTime() < SHORTEST_MS ? undefined : new Date(end);
}

interface OwnTrace extends SentTrace {
  readonly mailbox: string;
}

/** Those that a watched mailbox sent. The service mailbox keeps no copies of its notices, nor are they scanned. */
function ofSenders(
  traces: readonly SentTrace[],
  watched: readonly DirectoryMailbox[],
  serviceMailbox: string | null,
): readonly OwnTrace[] {
  const owners = new Map(
    watched.flatMap(({ address, aliases }) => [address, ...aliases].map((each) => [each, address] as const)),
  );
  return traces.flatMap((trace) => {
    const mailbox = owners.get(trace.sender);
    const isTest =
      trace.internetMessageId.startsWith("<postern-test-") && trace.recipients.every((to) => to === trace.sender);
    return mailbox === undefined || mailbox === serviceMailbox || isTest ? [] : [{ ...trace, mailbox }];
  });
}

/** In whatever mailbox of the tenant: what is sent in another's name stands in the Sent Items of whoever sent it. */
async function notSeen(traces: readonly OwnTrace[], tenant: string, { messages }: TraceDependencies) {
  const unseen = [];
  for (const { internetMessageId, mailbox, at, recipients } of traces) {
    const { items } = await messages.list({ tenant, internetMessageId }, { limit: 1 });
    if (items.length > 0) continue;
    unseen.push({
      what: "not-seen",
      mailbox,
      internetMessageId,
      sentAt: at?.toISOString() ?? null,
      recipients: recipients.slice(0, 50),
      recipientCount: recipients.length,
    });
  }
  return unseen;
}
