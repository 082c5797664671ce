import type { ActionOutcome } from "../../src/core/action.ts";
import { PosternError } from "../../src/core/errors.ts";

/** Waits before another look, by attempt: delivery and the search index take seconds, seldom a minute. */
const WAITS_MS = [1_000, 3_000, 10_000, 30_000, 60_000] as const;

/**
 * What to say when a copy is not there: not yet, as often as it may still come, and then that it was not found.
 * @throws PosternError MESSAGE_NOT_FOUND while another attempt may help.
 */
export function stillMissing(attempts: number): ActionOutcome {
  const wait = WAITS_MS[attempts];
  if (wait === undefined) return { state: "failed", reason: "not-found" };
  throw new PosternError("MESSAGE_NOT_FOUND", "The copy is not in the mailbox, or not yet", {
    retryAfterMs: wait,
    details: { attempts },
  });
}
