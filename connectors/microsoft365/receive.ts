import { z } from "zod";
import type { Hint, InboundPush, ReadPush } from "../../src/core/ports.ts";
import { isMessageId, isSubscriptionId } from "./paths.ts";
import { notification } from "./payloads.ts";

const LIFECYCLE_EVENTS = {
  reauthorizationrequired: "reauthorization-required",
  subscriptionremoved: "removed",
  missed: "missed",
} as const;

const envelope = z.object({ value: z.array(z.unknown()) });

/**
 * Reads change and lifecycle notifications (learn.microsoft.com/graph/change-notifications-delivery-webhooks) without
 * trusting anything: the resource address in them is not even read, an id must look like one, and an item that does
 * not fit is dropped by itself. A missing client state becomes the empty string, which never fits.
 */
export function readNotifications(push: InboundPush): ReadPush {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(push.body));
  } catch {
    return { ok: false, reason: "not-json" };
  }
  const read = envelope.safeParse(body);
  if (!read.success) return { ok: false, reason: "not-notifications" };
  return { ok: true, hints: read.data.value.flatMap(readItem) };
}

function readItem(item: unknown): Hint[] {
  const read = notification.safeParse(item);
  if (!read.success || !isSubscriptionId(read.data.subscriptionId)) return [];
  const { subscriptionId, clientState, tenantId, changeType, lifecycleEvent, resourceData } = read.data;
  const origin = { watchId: subscriptionId, secret: clientState ?? "", tenant: (tenantId ?? "").toLowerCase() };
  if (typeof lifecycleEvent === "string") {
    const event = lifecycleEventOf(lifecycleEvent);
    return event === undefined ? [] : [{ kind: "lifecycle", ...origin, event }];
  }
  const messageId = resourceData?.id;
  // What left the folder is of no interest: our own moves raise it too.
  if (changeType === "deleted" || typeof messageId !== "string" || !isMessageId(messageId)) return [];
  return [{ kind: "message", ...origin, messageId }];
}

function lifecycleEventOf(name: string): (typeof LIFECYCLE_EVENTS)[keyof typeof LIFECYCLE_EVENTS] | undefined {
  const key = name.toLowerCase();
  return Object.hasOwn(LIFECYCLE_EVENTS, key) ? LIFECYCLE_EVENTS[key as keyof typeof LIFECYCLE_EVENTS] : undefined;
}
