import { ERROR_KINDS, type PosternError } from "../core/errors.ts";

const LONGEST_MS = 300_000;
/** Consent that an administrator gave back is noticed within a minute. */
const LONGEST_UNAUTHORIZED_MS = 60_000;

/**
 * Milliseconds until the next attempt: exponential from the error's own base, never earlier than the provider asked
 * for, with up to 25 % of jitter so that many do not come back in the same moment. Fresh mail that is not there yet is
 * asked for after 2 s, 10 s, 50 s.
 */
export function retryDelay(error: PosternError, attempt: number, random: () => number = Math.random): number {
  if (error.retry === "never") return LONGEST_MS;
  const usual = ERROR_KINDS[error.code].retry;
  const base = usual === "never" ? error.retry.afterMs : usual.afterMs;
  const factor = error.code === "MESSAGE_NOT_FOUND" ? 5 : 2;
  const longest = error.code === "PROVIDER_UNAUTHORIZED" ? LONGEST_UNAUTHORIZED_MS : LONGEST_MS;
  const grown = Math.min(base * factor ** Math.max(0, attempt - 1), longest);
  return Math.round(Math.max(error.retry.afterMs, grown) * (1 + random() / 4));
}
