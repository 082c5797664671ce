import { randomUUID } from "node:crypto";
import { type Call, jsonBody, type Route, wantsImmutableIds } from "../call.ts";
import { badRequest, GraphError } from "../graph-error.ts";
import { graphTime } from "../message-json.ts";
import { page } from "../query.ts";
import {
  primeFilter,
  readResource,
  requireLoopback,
  type Subscription,
  type Subscriptions,
  validateEndpoint,
} from "../subscriptions.ts";

/** The subscription resource: create, list, read, renew, reauthorize, delete. */
export function subscriptionRoutes(subscriptions: Subscriptions): readonly Route[] {
  const own = (call: Call, id: string | undefined): Subscription => {
    const found = subscriptions.all.get(id ?? "");
    if (found && found.expiresAt <= call.tenant.now()) subscriptions.remove(found);
    else if (found?.applicationId === call.token.clientId) return found;
    throw new GraphError(404, "ResourceNotFound", "The object was not found.");
  };
  return [
    {
      method: "POST",
      path: "subscriptions",
      roles: [],
      handle: async (call) => ({ status: 201, body: show(await create(call, subscriptions)) }),
    },
    {
      method: "GET",
      path: "subscriptions",
      roles: [],
      handle: async (call) => {
        const now = call.tenant.now();
        const mine = [...subscriptions.all.values()].filter(
          (one) => one.applicationId === call.token.clientId && one.expiresAt > now,
        );
        return { status: 200, body: await page(call, mine, show, 100) };
      },
    },
    {
      method: "GET",
      path: "subscriptions/:id",
      roles: [],
      handle: (call, { id }) => ({ status: 200, body: show(own(call, id)) }),
    },
    {
      method: "PATCH",
      path: "subscriptions/:id",
      roles: [],
      handle: async (call, { id }) => {
        const subscription = own(call, id);
        const body = jsonBody(call);
        if (typeof body.notificationUrl === "string") {
          requireLoopback(body.notificationUrl);
          await validateEndpoint(body.notificationUrl);
          subscription.notificationUrl = body.notificationUrl;
        }
        subscription.expiresAt = expiryOf(call, body.expirationDateTime);
        return { status: 200, body: show(subscription) };
      },
    },
    {
      method: "POST",
      path: "subscriptions/:id/reauthorize",
      roles: [],
      handle: (call, { id }) => {
        own(call, id);
        return { status: 204 };
      },
    },
    {
      method: "DELETE",
      path: "subscriptions/:id",
      roles: [],
      handle: (call, { id }) => {
        subscriptions.remove(own(call, id));
        return { status: 204 };
      },
    },
  ];
}

/** Longest clientState in characters. */
const maxClientState = 128;

async function create(call: Call, subscriptions: Subscriptions): Promise<Subscription> {
  const body = jsonBody(call);
  const { changeType, notificationUrl, lifecycleNotificationUrl, resource, clientState } = body;
  if (typeof changeType !== "string" || !/^(created|updated|deleted)(,(created|updated|deleted))*$/.test(changeType)) {
    throw badRequest("changeType is missing or invalid.", "InvalidRequest");
  }
  if (typeof notificationUrl !== "string" || typeof resource !== "string") {
    throw badRequest("notificationUrl and resource are required.", "InvalidRequest");
  }
  if (clientState !== undefined && (typeof clientState !== "string" || clientState.length > maxClientState)) {
    throw badRequest("clientState is longer than 128 characters.", "InvalidRequest");
  }
  if (body.includeResourceData === true) {
    throw badRequest("The sandbox sends notifications without resource data only.", "InvalidRequest");
  }
  const expiresAt = expiryOf(call, body.expirationDateTime);
  const { mailbox, folderId, filter } = readResource(call.tenant, resource);
  const inMailbox = subscriptions.of(mailbox).filter((one) => one.expiresAt > call.tenant.now());
  if (inMailbox.length >= call.tenant.quirks.maxSubscriptionsPerMailbox) {
    throw new GraphError(
      403,
      "ExtensionError",
      "Operation: Create; Exception: [Mailbox subscription limit of 1000 exceeded.]",
    );
  }
  const addresses = [
    notificationUrl,
    ...(typeof lifecycleNotificationUrl === "string" ? [lifecycleNotificationUrl] : []),
  ];
  for (const address of addresses) {
    requireLoopback(address);
    await validateEndpoint(address);
  }
  const immutable = wantsImmutableIds(call);
  const subscription: Subscription = {
    id: randomUUID(),
    applicationId: call.token.clientId,
    changeTypes: new Set(changeType.split(",")),
    notificationUrl,
    lifecycleNotificationUrl: typeof lifecycleNotificationUrl === "string" ? lifecycleNotificationUrl : null,
    resource,
    clientState: clientState ?? null,
    expiresAt,
    immutable,
    mailbox,
    folderId,
    filter,
    passing: new Set(),
  };
  primeFilter(subscription);
  subscriptions.add(subscription);
  return subscription;
}

/** Life below which the service raises it, in minutes. */
const minMinutes = 45;

function expiryOf(call: Call, value: unknown): Date {
  const wanted = typeof value === "string" ? new Date(value).getTime() : Number.NaN;
  if (Number.isNaN(wanted)) throw badRequest("expirationDateTime is missing or invalid.", "InvalidRequest");
  const now = call.tenant.now().getTime();
  const minutes = (wanted - now) / 60_000;
  const { maxSubscriptionMinutes } = call.tenant.quirks;
  if (minutes <= 0 || minutes > maxSubscriptionMinutes) {
    throw badRequest(
      `Subscription expiration can only be ${maxSubscriptionMinutes} minutes in the future.`,
      minutes <= 0 ? "InvalidRequest" : "ExtensionError",
    );
  }
  return new Date(now + Math.max(minutes, minMinutes) * 60_000);
}

function show(subscription: Subscription): object {
  return {
    id: subscription.id,
    applicationId: subscription.applicationId,
    changeType: [...subscription.changeTypes].join(","),
    clientState: subscription.clientState,
    creatorId: subscription.applicationId,
    expirationDateTime: graphTime(subscription.expiresAt),
    includeResourceData: false,
    latestSupportedTlsVersion: "v1_2",
    lifecycleNotificationUrl: subscription.lifecycleNotificationUrl,
    notificationUrl: subscription.notificationUrl,
    resource: subscription.resource,
  };
}
