import { isPosternError } from "../../src/core/errors.ts";
import type { Clock, Watch, WatchRequest } from "../../src/core/ports.ts";
import type { Gmail } from "./gmail-mailbox.ts";
import { WATCHED_LABELS } from "./stages.ts";

/** Gmail ends a registration after seven days; taken when an answer does not say. */
const LIFETIME_MS = 7 * 86_400_000;

/**
 * Registers a mailbox, or renews it: the same call (users.watch, at most seven days, daily is advised).
 * `topic` is the full name; a registration belongs to the mailbox and not to a stage.
 */
export async function watchMailbox(
  gmail: Gmail,
  request: Pick<WatchRequest, "current">,
  deps: { readonly topic: string; readonly clock: Clock },
): Promise<Watch> {
  const now = deps.clock.now();
  const answer = await gmail.watch(deps.topic, WATCHED_LABELS);
  const { current } = request;
  const isRenewal = current !== undefined && current.id === deps.topic && current.expiresAt > now;
  return {
    id: deps.topic,
    expiresAt: new Date(answer.expiration === undefined ? now.getTime() + LIFETIME_MS : Number(answer.expiration)),
    created: !isRenewal,
  };
}

/** Ends all notifications of the mailbox (users.stop). */
export async function unwatchMailbox(gmail: Gmail): Promise<void> {
  try {
    await gmail.stop();
  } catch (error) {
    // Nobody to stop for: the user or the registration is gone.
    if (!isPosternError(error, "MAILBOX_UNAVAILABLE") && !isPosternError(error, "PROVIDER_REFUSED")) throw error;
  }
}
