import { randomBytes } from "node:crypto";
import { conflict, notFound } from "../google-error.ts";
import { createNotifications, type Notifications } from "./notifications.ts";

export interface PubsubMessage {
  /** Decimal, rising. */
  readonly messageId: string;
  readonly publishTime: Date;
  readonly data: Buffer;
}

export interface PushConfig {
  readonly pushEndpoint: string;
  readonly oidcToken: { readonly serviceAccountEmail: string; readonly audience: string } | null;
}

export interface Topic {
  readonly name: string;
  /** IAM members that may publish. */
  readonly publishers: Set<string>;
}

export interface Subscription {
  readonly name: string;
  readonly topic: string;
  readonly ackDeadlineSeconds: number;
  pushConfig: PushConfig | null;
  /** Idle time after which it is deleted; null: never. */
  ttlMs: number | null;
  lastUsed: Date;
  readonly backlog: PubsubMessage[];
  /** By ack id: delivered, not acknowledged yet. */
  readonly outstanding: Map<string, { readonly message: PubsubMessage; readonly until: number }>;
  /** Called once when there is something new. */
  readonly wakers: Set<() => void>;
}

export interface Broker {
  readonly topics: Map<string, Topic>;
  readonly notifications: Notifications;
  addTopic(name: string): Topic;
  addSubscription(
    subscription: Pick<Subscription, "name" | "topic" | "ackDeadlineSeconds" | "pushConfig" | "ttlMs">,
  ): Subscription;
  /** @throws GoogleError 404 when there is none, or it was deleted because nobody used it. */
  subscription(name: string): Subscription;
  deleteSubscription(name: string): void;
  /** What Gmail does on a change: publishes address and history id, unless the notifications are tampered with. */
  publishChange(topic: string, address: string, historyId: bigint): void;
  /** Puts a message into every subscription of the topic. */
  publish(topic: string, data: Buffer): void;
}

export interface BrokerSettings {
  readonly clock: () => Date;
  /** Told of every message for a subscription that pushes. */
  readonly push: (subscription: Subscription, message: PubsubMessage) => void;
}

/** Pub/Sub in memory: at least once, in no promised order. */
export function createBroker(settings: BrokerSettings): Broker {
  const topics = new Map<string, Topic>();
  const subscriptions = new Map<string, Subscription>();
  let published = 10_000_000_000_000n;

  const broker: Broker = {
    topics,
    notifications: createNotifications({
      clock: settings.clock,
      publish: (topic, data) => broker.publish(topic, data),
    }),
    addTopic(name) {
      if (topics.has(name)) throw conflict("Resource already exists in the project");
      const topic: Topic = { name, publishers: new Set() };
      topics.set(name, topic);
      return topic;
    },
    addSubscription(wanted) {
      if (subscriptions.has(wanted.name)) throw conflict("Resource already exists in the project");
      if (!topics.has(wanted.topic)) throw notFound("Resource not found");
      const fresh = { lastUsed: settings.clock(), backlog: [], outstanding: new Map(), wakers: new Set<() => void>() };
      const subscription: Subscription = { ...wanted, ...fresh };
      subscriptions.set(wanted.name, subscription);
      return subscription;
    },
    subscription(name) {
      const found = subscriptions.get(name);
      const now = settings.clock().getTime();
      const isIdle = found !== undefined && found.ttlMs !== null && now - found.lastUsed.getTime() > found.ttlMs;
      if (isIdle) subscriptions.delete(name);
      if (found === undefined || isIdle) throw notFound(`Resource not found (resource=${name.split("/").at(-1)}).`);
      return found;
    },
    deleteSubscription(name) {
      const found = broker.subscription(name);
      subscriptions.delete(name);
      for (const wake of found.wakers) wake();
    },
    publishChange(topic, address, historyId) {
      broker.notifications.announce(topic, address, historyId);
    },
    publish(topic, data) {
      for (const subscription of subscriptions.values()) {
        if (subscription.topic !== topic) continue;
        published += 1n;
        const message = { messageId: `${published}`, publishTime: settings.clock(), data };
        if (subscription.pushConfig === null) enqueue(subscription, message);
        else settings.push(subscription, message);
      }
    },
  };
  return broker;
}

/** Adds a message to a subscription that is polled. */
export function enqueue(subscription: Subscription, message: PubsubMessage): void {
  subscription.backlog.push(message);
  for (const wake of subscription.wakers) wake();
}

export interface Delivery {
  readonly ackId: string;
  readonly message: PubsubMessage;
}

/** Takes messages for a subscriber; those whose deadline has passed unacknowledged come again. */
export function take(subscription: Subscription, max: number, now: Date): readonly Delivery[] {
  for (const [ackId, { message, until }] of subscription.outstanding) {
    if (until > now.getTime()) continue;
    subscription.outstanding.delete(ackId);
    subscription.backlog.push(message);
  }
  subscription.lastUsed = now;
  return subscription.backlog.splice(0, max).map((message) => {
    const ackId = randomBytes(40).toString("base64url");
    subscription.outstanding.set(ackId, { message, until: now.getTime() + subscription.ackDeadlineSeconds * 1_000 });
    return { ackId, message };
  });
}
