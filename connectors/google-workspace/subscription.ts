import { z } from "zod";
import { isPosternError } from "../../src/core/errors.ts";
import type { Logger } from "../../src/core/ports.ts";
import type { GoogleClient } from "./client.ts";
import { pulledSchema, subscriptionSchema } from "./payloads.ts";

/** One Pub/Sub pull subscription. */
export interface Subscription {
  /** @throws PosternError with `details.status` 404 when there is no such subscription. */
  pull(maxMessages: number, signal: AbortSignal): Promise<readonly ReceivedMessage[]>;
  acknowledge(ackIds: readonly string[], signal: AbortSignal): Promise<void>;
  /** Lets messages be delivered again at once. */
  giveBack(ackIds: readonly string[], signal: AbortSignal): Promise<void>;
  /** After so many days without use Pub/Sub deletes it; null when never. */
  idleDays(signal: AbortSignal): Promise<number | null>;
  /** Creates it; created by somebody else at the same time is as good. */
  create(signal: AbortSignal): Promise<void>;
}

export type ReceivedMessage = z.output<typeof pulledSchema>["receivedMessages"][number];

/** Time to make a batch of hints durable; Pub/Sub's own default of 10 s is short for a busy database. */
const ACK_DEADLINE_SECONDS = 60;

/** `name` and `topic` in full. The calls are the service account's own, without delegation. */
export function openSubscription(deps: {
  readonly client: GoogleClient;
  readonly name: string;
  readonly topic: string;
  readonly logger: Logger;
}): Subscription {
  const { client, name: subscription, topic, logger } = deps;

  return {
    async pull(maxMessages, signal) {
      const answer = await client.call(
        {
          name: "pubsub.projects.subscriptions.pull",
          as: null,
          shape: pulledSchema,
          send: ({ pubsub }, options) =>
            pubsub.projects.subscriptions.pull({ subscription, requestBody: { maxMessages } }, options),
        },
        signal,
      );
      return answer.receivedMessages;
    },

    async acknowledge(ackIds, signal) {
      await client.call(
        {
          name: "pubsub.projects.subscriptions.acknowledge",
          as: null,
          shape: z.unknown(),
          send: ({ pubsub }, options) =>
            pubsub.projects.subscriptions.acknowledge({ subscription, requestBody: { ackIds: [...ackIds] } }, options),
        },
        signal,
      );
    },

    async giveBack(ackIds, signal) {
      const requestBody = { ackIds: [...ackIds], ackDeadlineSeconds: 0 };
      await client.call(
        {
          name: "pubsub.projects.subscriptions.modifyAckDeadline",
          as: null,
          shape: z.unknown(),
          send: ({ pubsub }, options) =>
            pubsub.projects.subscriptions.modifyAckDeadline({ subscription, requestBody }, options),
        },
        signal,
      );
    },

    async idleDays(signal) {
      const { expirationPolicy } = await client.call(
        {
          name: "pubsub.projects.subscriptions.get",
          as: null,
          shape: subscriptionSchema,
          send: ({ pubsub }, options) => pubsub.projects.subscriptions.get({ subscription }, options),
        },
        signal,
      );
      const seconds = /^(\d+)(\.\d+)?s$/.exec(expirationPolicy?.ttl ?? "")?.[1];
      return seconds === undefined ? null : Math.floor(Number(seconds) / 86_400);
    },

    async create(signal) {
      // Idle subscriptions are deleted after 31 days unless there is a policy without `ttl`, which says never.
      const requestBody = { topic, ackDeadlineSeconds: ACK_DEADLINE_SECONDS, expirationPolicy: {} };
      try {
        await client.call(
          {
            name: "pubsub.projects.subscriptions.create",
            as: null,
            shape: z.unknown(),
            send: ({ pubsub }, options) =>
              pubsub.projects.subscriptions.create({ name: subscription, requestBody }, options),
          },
          signal,
        );
        logger.info({ subscription }, "Created the missing Pub/Sub subscription");
      } catch (error) {
        if (!isPosternError(error) || error.details.status !== 409) throw error;
      }
    },
  };
}

export function isMissingSubscription(error: unknown): boolean {
  return isPosternError(error) && error.details.status === 404;
}
