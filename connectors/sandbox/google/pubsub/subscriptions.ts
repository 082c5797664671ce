import { CLOUD_PLATFORM, PUBSUB } from "../auth/scopes.ts";
import { invalidArgument } from "../google-error.ts";
import { type Answer, type Call, json, type Route } from "../http/route.ts";
import type { World } from "../world.ts";
import { type Delivery, type PushConfig, type Subscription, take } from "./broker.ts";
import { requirePermission } from "./permissions.ts";

const scopes = [CLOUD_PLATFORM, PUBSUB];
const PATH = "/v1/projects/{project}/subscriptions/{subscription}";
const SUBSCRIPTION_FIELDS = [
  "name",
  "topic",
  "pushConfig",
  "ackDeadlineSeconds",
  "retainAckedMessages",
  "messageRetentionDuration",
  "labels",
  "enableMessageOrdering",
  "expirationPolicy",
  "filter",
  "deadLetterPolicy",
  "retryPolicy",
  "detached",
  "enableExactlyOnceDelivery",
];

/** Idle time after which a subscription is deleted unless its policy says otherwise: 31 days. */
const DEFAULT_TTL_S = 31 * 86_400;

/** How long a pull waits for a message before it answers with none. */
const PULL_WAIT_MS = 20_000;

/** How often a waiting pull looks whether a deadline has passed. */
const PULL_LOOK_MS = 250;

const DEFAULT_ACK_DEADLINE_S = 10;

export const subscriptionRoutes: readonly Route[] = [
  {
    id: "pubsub.projects.subscriptions.create",
    method: "PUT",
    path: PATH,
    scopes,
    body: SUBSCRIPTION_FIELDS,
    handle: create,
  },
  {
    id: "pubsub.projects.subscriptions.get",
    method: "GET",
    path: PATH,
    scopes,
    handle: (call, world) => {
      requirePermission(call, world, "pubsub.subscriptions.get");
      return json(subscriptionResource(existing(call, world)));
    },
  },
  {
    id: "pubsub.projects.subscriptions.delete",
    method: "DELETE",
    path: PATH,
    scopes,
    handle: (call, world) => {
      requirePermission(call, world, "pubsub.subscriptions.delete");
      world.broker.deleteSubscription(existing(call, world).name);
      return json({});
    },
  },
  {
    id: "pubsub.projects.subscriptions.modifyPushConfig",
    method: "POST",
    path: `${PATH}:modifyPushConfig`,
    scopes,
    body: ["pushConfig"],
    handle: (call, world) => {
      requirePermission(call, world, "pubsub.subscriptions.update");
      existing(call, world).pushConfig = readPushConfig(call.json.pushConfig);
      return json({});
    },
  },
  {
    id: "pubsub.projects.subscriptions.pull",
    method: "POST",
    path: `${PATH}:pull`,
    scopes,
    body: ["maxMessages", "returnImmediately"],
    handle: pull,
  },
  {
    id: "pubsub.projects.subscriptions.acknowledge",
    method: "POST",
    path: `${PATH}:acknowledge`,
    scopes,
    body: ["ackIds"],
    handle: (call, world) => {
      requirePermission(call, world, "pubsub.subscriptions.consume");
      const { outstanding } = existing(call, world);
      // An id whose deadline has passed is no error: its message may come again nevertheless.
      for (const ackId of readAckIds(call)) outstanding.delete(ackId);
      return json({});
    },
  },
  {
    id: "pubsub.projects.subscriptions.modifyAckDeadline",
    method: "POST",
    path: `${PATH}:modifyAckDeadline`,
    scopes,
    body: ["ackIds", "ackDeadlineSeconds"],
    handle: modifyDeadline,
  },
];

function create(call: Call, world: World): Answer {
  requirePermission(call, world, "pubsub.subscriptions.create");
  const deadline = call.json.ackDeadlineSeconds ?? DEFAULT_ACK_DEADLINE_S;
  if (typeof deadline !== "number" || (deadline !== 0 && (deadline < 10 || deadline > 600))) {
    throw invalidArgument("Invalid ack deadline: it must be between 10 and 600 seconds");
  }
  const subscription = world.broker.addSubscription({
    name: subscriptionName(call),
    topic: `${call.json.topic}`,
    ackDeadlineSeconds: deadline === 0 ? DEFAULT_ACK_DEADLINE_S : deadline,
    pushConfig: readPushConfig(call.json.pushConfig),
    ttlMs: readTtl(call.json.expirationPolicy),
  });
  return json(subscriptionResource(subscription));
}

async function pull(call: Call, world: World): Promise<Answer> {
  requirePermission(call, world, "pubsub.subscriptions.consume");
  const max = call.json.maxMessages;
  if (typeof max !== "number" || max < 1) throw invalidArgument("Invalid maxMessages: it must be positive");
  const { name, pushConfig } = existing(call, world);
  if (pushConfig !== null) throw invalidArgument("This method is not supported for push subscriptions.");
  const giveUp = Date.now() + (call.json.returnImmediately === true ? 0 : PULL_WAIT_MS);
  for (;;) {
    const subscription = world.broker.subscription(name);
    // Nothing is taken for a caller that has hung up: it would wait for its deadline.
    const deliveries = call.signal.aborted ? [] : take(subscription, max, world.clock());
    if (deliveries.length > 0) return json({ receivedMessages: deliveries.map(deliveryResource) });
    if (Date.now() >= giveUp || call.signal.aborted) return json({});
    await somethingNew(subscription, call.signal);
  }
}

function somethingNew(subscription: Subscription, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      subscription.wakers.delete(done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, PULL_LOOK_MS);
    subscription.wakers.add(done);
    signal.addEventListener("abort", done);
  });
}

function modifyDeadline(call: Call, world: World): Answer {
  requirePermission(call, world, "pubsub.subscriptions.consume");
  const { outstanding, wakers } = existing(call, world);
  const until = world.clock().getTime() + Number(call.json.ackDeadlineSeconds ?? 0) * 1_000;
  for (const ackId of readAckIds(call)) {
    const entry = outstanding.get(ackId);
    if (entry !== undefined) outstanding.set(ackId, { ...entry, until });
  }
  for (const wake of wakers) wake();
  return json({});
}

function existing(call: Call, world: World): Subscription {
  return world.broker.subscription(subscriptionName(call));
}

function subscriptionName(call: Call): string {
  return `projects/${call.params.project}/subscriptions/${call.params.subscription}`;
}

function readAckIds(call: Call): readonly string[] {
  const ids = call.json.ackIds;
  if (!Array.isArray(ids) || ids.length === 0) throw invalidArgument("You have passed no ack IDs");
  return ids.map(String);
}

function readPushConfig(value: unknown): PushConfig | null {
  const config = (value ?? {}) as {
    readonly pushEndpoint?: string;
    readonly oidcToken?: { readonly serviceAccountEmail?: string; readonly audience?: string };
  };
  if (config.pushEndpoint === undefined || config.pushEndpoint === "") return null;
  if (!["127.0.0.1", "localhost", "[::1]"].includes(new URL(config.pushEndpoint).hostname)) {
    throw invalidArgument("The sandbox pushes to loopback addresses only");
  }
  const email = config.oidcToken?.serviceAccountEmail;
  return {
    pushEndpoint: config.pushEndpoint,
    oidcToken:
      email === undefined
        ? null
        : { serviceAccountEmail: email, audience: config.oidcToken?.audience ?? config.pushEndpoint },
  };
}

/** A policy without `ttl` means never; no policy the default. */
function readTtl(policy: unknown): number | null {
  if (policy === undefined || policy === null) return DEFAULT_TTL_S * 1_000;
  const { ttl } = policy as { readonly ttl?: string };
  return ttl === undefined ? null : Number.parseFloat(ttl) * 1_000;
}

function subscriptionResource(subscription: Subscription): object {
  const { name, topic, pushConfig, ackDeadlineSeconds, ttlMs } = subscription;
  return {
    name,
    topic,
    pushConfig: pushConfig === null ? {} : { ...pushConfig, oidcToken: pushConfig.oidcToken ?? undefined },
    ackDeadlineSeconds,
    messageRetentionDuration: "604800s",
    expirationPolicy: ttlMs === null ? {} : { ttl: `${ttlMs / 1_000}s` },
    state: "ACTIVE",
  };
}

function deliveryResource({ ackId, message }: Delivery): object {
  return {
    ackId,
    message: {
      data: message.data.toString("base64"),
      messageId: message.messageId,
      publishTime: message.publishTime.toISOString(),
    },
  };
}
