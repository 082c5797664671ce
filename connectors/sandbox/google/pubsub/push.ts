import { setTimeout as sleep } from "node:timers/promises";
import { type Claims, signJwt } from "../auth/jwt.ts";
import type { SigningKey } from "../auth/keys.ts";
import type { PubsubMessage, PushConfig, Subscription } from "./broker.ts";

/** Answers that Pub/Sub takes as an acknowledgement (guide on push subscriptions). */
const ACKNOWLEDGED = new Set([102, 200, 201, 202, 204]);

/** First pause before another attempt; doubles up to the second. Shorter than Google's, for tests. */
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 2_000;

const TOKEN_LIFETIME_S = 3_600;

export interface PusherSettings {
  readonly key: SigningKey;
  readonly clock: () => Date;
  /** Told of each attempt; status null when no answer came. */
  readonly onAttempt: (attempt: PushAttempt) => void;
}

export interface PushAttempt {
  readonly subscription: string;
  readonly messageId: string;
  readonly status: number | null;
}

export interface Pusher {
  push(subscription: Subscription, message: PubsubMessage): void;
  /** Gives up what is under way. */
  close(): void;
}

/** Delivers messages by HTTP until they are acknowledged. */
export function createPusher(settings: PusherSettings): Pusher {
  const closing = new AbortController();
  return {
    push(subscription, message) {
      deliver(settings, subscription, message, closing.signal).catch(() => {
        // Only closing ends the attempts early.
      });
    },
    close: () => closing.abort(),
  };
}

async function deliver(
  settings: PusherSettings,
  subscription: Subscription,
  message: PubsubMessage,
  signal: AbortSignal,
): Promise<void> {
  for (let pause = FIRST_RETRY_MS; !signal.aborted; pause = Math.min(pause * 2, LAST_RETRY_MS)) {
    const config = subscription.pushConfig;
    if (config === null) {
      subscription.backlog.push(message);
      for (const wake of subscription.wakers) wake();
      return;
    }
    const status = await attempt(settings, subscription, config, message, signal);
    settings.onAttempt({ subscription: subscription.name, messageId: message.messageId, status });
    if (status !== null && ACKNOWLEDGED.has(status)) return;
    await sleep(pause, undefined, { signal, ref: false });
  }
}

async function attempt(
  settings: PusherSettings,
  subscription: Subscription,
  config: PushConfig,
  message: PubsubMessage,
  signal: AbortSignal,
): Promise<number | null> {
  const headers: Record<string, string> = { "content-type": "application/json", "user-agent": "CloudPubSub-Google" };
  if (config.oidcToken !== null) {
    const { serviceAccountEmail, audience } = config.oidcToken;
    headers.authorization = `Bearer ${pushToken(settings.key, settings.clock(), serviceAccountEmail, audience)}`;
  }
  try {
    const response = await fetch(config.pushEndpoint, {
      method: "POST",
      headers,
      body: JSON.stringify(pushBody(subscription.name, message)),
      redirect: "manual",
      // For push subscriptions the deadline is the HTTP time-out too.
      signal: AbortSignal.any([signal, AbortSignal.timeout(subscription.ackDeadlineSeconds * 1_000)]),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return null;
  }
}

/** The body of a push; each id and time is written twice, as Pub/Sub does. */
export function pushBody(subscription: string, message: PubsubMessage): object {
  const { messageId } = message;
  const publishTime = message.publishTime.toISOString();
  return {
    message: {
      data: message.data.toString("base64"),
      messageId,
      message_id: messageId,
      publishTime,
      publish_time: publishTime,
    },
    subscription,
  };
}

/** The OIDC token of a push. `changes` replaces claims, for forged ones. */
export function pushToken(key: SigningKey, now: Date, email: string, audience: string, changes: Claims = {}): string {
  const iat = Math.floor(now.getTime() / 1_000);
  const sub = "113774264463038321964";
  return signJwt(key, {
    aud: audience,
    azp: sub,
    email,
    email_verified: true,
    exp: iat + TOKEN_LIFETIME_S,
    iat,
    iss: "https://accounts.google.com",
    sub,
    ...changes,
  });
}
