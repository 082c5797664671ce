import type { Claims } from "../auth/jwt.ts";
import type { SigningKey } from "../auth/keys.ts";
import type { World } from "../world.ts";
import type { Notifications } from "./notifications.ts";
import { type PushAttempt, pushToken } from "./push.ts";

export interface PushTarget {
  readonly url: string;
  /** Default: the URL, as with Google. */
  readonly audience?: string;
  readonly serviceAccount: string;
}

/** What a test does to the notifications of the prepared subscription. */
export interface PushControl extends Pick<Notifications, "settings" | "hold" | "flush"> {
  /** Publishes an event for a mailbox although nothing changed. Default id: the mailbox's newest. */
  publish(mailbox: string, historyId?: string): void;
  /** Pushes to a loopback address from now on, with signed tokens; what waits to be pulled stays there. */
  pushTo(target: PushTarget): void;
  /** Lets itself be polled again. */
  pull(): void;
  /** Deletes the subscription, as Google does after 31 idle days. */
  expireSubscription(): void;
  /** Messages that wait to be pulled, and those pulled but not acknowledged. */
  backlog(): { readonly waiting: number; readonly outstanding: number };
  /** A push token as Google signs it; `changes` replaces claims, `header` fields of the header. */
  token(target: PushTarget, changes?: Claims): string;
  /** Every attempt to push, in order. */
  readonly attempts: readonly PushAttempt[];
}

interface PushControlDeps {
  readonly world: World;
  readonly topicName: string;
  readonly subscriptionName: string;
  readonly pushKey: SigningKey;
  readonly attempts: readonly PushAttempt[];
}

export function createPushControl({
  world,
  topicName,
  subscriptionName,
  pushKey,
  attempts,
}: PushControlDeps): PushControl {
  const { broker } = world;
  const { settings, hold, flush, publish } = broker.notifications;
  return {
    settings,
    hold,
    flush,
    publish(address, historyId) {
      const newest = world.mailboxes.get(address.toLowerCase())?.historyId ?? 0n;
      publish(topicName, address, historyId === undefined ? newest : BigInt(historyId));
    },
    pushTo({ url, audience, serviceAccount }) {
      const oidcToken = { serviceAccountEmail: serviceAccount, audience: audience ?? url };
      broker.subscription(subscriptionName).pushConfig = { pushEndpoint: url, oidcToken };
    },
    pull() {
      broker.subscription(subscriptionName).pushConfig = null;
    },
    expireSubscription: () => broker.deleteSubscription(subscriptionName),
    backlog() {
      const { backlog, outstanding } = broker.subscription(subscriptionName);
      return { waiting: backlog.length, outstanding: outstanding.size };
    },
    token: ({ url, audience, serviceAccount }, changes = {}) =>
      pushToken(pushKey, world.clock(), serviceAccount, audience ?? url, changes),
    attempts,
  };
}
