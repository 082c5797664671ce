import type { GoogleTenantSettings } from "../../src/core/tenant.ts";

type PubSub = GoogleTenantSettings["pubsub"];

/** `projects/P/topics/T`; a name that is full already is taken as it is. */
export function topicName({ project, topic }: PubSub): string {
  return topic.includes("/") ? topic : `projects/${project}/topics/${topic}`;
}

/** `projects/P/subscriptions/S`; a name that is full already is taken as it is. */
export function subscriptionName({ project, subscription }: PubSub): string {
  return subscription.includes("/") ? subscription : `projects/${project}/subscriptions/${subscription}`;
}
