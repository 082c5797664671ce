import { isPosternError } from "../../src/core/errors.ts";
import type { ListedWatch, Watch, WatchRequest } from "../../src/core/ports.ts";
import { subscriptionPath, userPath } from "./paths.ts";
import { subscription } from "./payloads.ts";
import { type Room, userOf } from "./room.ts";
import { folderOf } from "./stages.ts";

/**
 * Minutes asked for, longest first: just under seven days, and what the older limit allowed (some clouds keep it).
 * Source: learn.microsoft.com/graph/api/resources/subscription, "Subscription lifetime".
 */
const LIFETIMES_MINUTES = [10_070, 4_200];
/** All subscriptions of an application and tenant share one limit. */
const LANE = "subscriptions";

/** Renews the subscription, or makes one when there is none or the service no longer has it. */
export async function watchFolder(room: Room, request: WatchRequest, signal: AbortSignal): Promise<Watch> {
  const { current } = request;
  if (current !== undefined) {
    const renewed = await renew(room, current, signal);
    if (renewed !== undefined) return renewed;
  }
  const made = await create(room, request, signal);
  // A renewal that was refused with 400 may leave the old one alive: two would notify twice.
  if (current !== undefined && current.id !== made.id) {
    await unwatchFolder(room, current, signal).catch((error: unknown) => {
      room.logger.info(
        { tenant: room.tenantId, code: isPosternError(error) ? error.code : "unknown" },
        "old watch kept",
      );
    });
  }
  return made;
}

/** All subscriptions of this application in the tenant. */
export async function listWatches(room: Room, signal: AbortSignal): Promise<readonly ListedWatch[]> {
  const found: ListedWatch[] = [];
  const call = { name: "list-subscriptions", path: "/subscriptions", lane: LANE };
  for await (const page of room.graph.pages(call, subscription, signal)) {
    for (const { id, notificationUrl, expirationDateTime } of page.items)
      found.push({ id, notificationUrl: notificationUrl ?? "", expiresAt: expirationDateTime ?? room.clock.now() });
  }
  return found;
}

/** Ends a subscription; one that is gone is no error. */
export async function unwatchFolder(room: Room, watch: Watch, signal: AbortSignal): Promise<void> {
  const path = subscriptionPath(watch.id);
  try {
    await room.graph.send({ name: "unsubscribe", method: "DELETE", path, lane: LANE }, signal);
  } catch (error) {
    if (!isPosternError(error, "MESSAGE_NOT_FOUND")) throw error;
  }
}

async function renew(room: Room, current: Watch, signal: AbortSignal): Promise<Watch | undefined> {
  try {
    return await withLifetimes(room, async (expiresAt) => {
      const answer = await room.graph.json(
        {
          name: "renew-subscription",
          method: "PATCH",
          path: subscriptionPath(current.id),
          body: { expirationDateTime: expiresAt.toISOString() },
          lane: LANE,
        },
        subscription,
        signal,
      );
      return { id: current.id, expiresAt: answer.expirationDateTime ?? expiresAt, created: false };
    });
  } catch (error) {
    if (isPosternError(error, "MESSAGE_NOT_FOUND") || isPosternError(error, "PROVIDER_REFUSED")) return undefined;
    throw error;
  }
}

async function create(room: Room, request: WatchRequest, signal: AbortSignal): Promise<Watch> {
  const folder = folderOf(request.stage);
  const user = await userOf(room, request.mailbox);
  return await withLifetimes(room, async (expiresAt) => {
    const answer = await room.graph.json(
      {
        name: "subscribe",
        method: "POST",
        path: "/subscriptions",
        body: {
          changeType: folder.changeType,
          notificationUrl: request.notificationUrl,
          lifecycleNotificationUrl: request.lifecycleUrl,
          resource: `${userPath(user).slice(1)}/mailFolders('${folder.name}')/messages`,
          expirationDateTime: expiresAt.toISOString(),
          clientState: request.clientState,
        },
        lane: LANE,
        missing: "MAILBOX_UNAVAILABLE",
      },
      subscription,
      signal,
    );
    return { id: answer.id, expiresAt: answer.expirationDateTime ?? expiresAt, created: true };
  });
}

/** Tries the lifetimes in turn while the service answers 400. */
async function withLifetimes(room: Room, attempt: (expiresAt: Date) => Promise<Watch>): Promise<Watch> {
  let refused: unknown;
  for (const minutes of LIFETIMES_MINUTES) {
    try {
      return await attempt(new Date(room.clock.now().getTime() + minutes * 60_000));
    } catch (error) {
      if (!isPosternError(error, "PROVIDER_REFUSED") || error.details.status !== 400) throw error;
      refused = error;
    }
  }
  throw refused;
}
