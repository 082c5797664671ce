import { PosternError } from "../../src/core/errors.ts";
import type { CallName } from "./calls.ts";
import { providerErrorSchema } from "./payloads.ts";

/** An answer that is not a success, reduced to what decides; the provider's text stays behind. */
export interface Refusal {
  readonly call: CallName | "token" | "sign";
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** First machine-readable reason, `none` when there is none. */
  readonly reason: string;
  /** For matching known texts only. Never logged, never thrown. */
  readonly text: string;
  /** How long the provider asks us to wait, null when it does not say. */
  readonly waitMs: number | null;
}

const RATE_REASONS = new Set([
  "rateLimitExceeded",
  "userRateLimitExceeded",
  "quotaExceeded",
  "dailyLimitExceeded",
  "RESOURCE_EXHAUSTED",
  "RATE_LIMIT_EXCEEDED",
]);

/** Longest wait that we believe: sending limits may last hours, but a wrong date must not park a mailbox for days. */
const LONGEST_WAIT_MS = 6 * 3_600_000;

/** Reads status, reason and wait out of an answer (developers.google.com/workspace/gmail/api/guides/handle-errors). */
export function readRefusal(
  call: Refusal["call"],
  answer: { readonly status: number; readonly body: unknown; readonly retryAfter: string | null },
  now: Date,
): Refusal {
  const parsed = providerErrorSchema.safeParse(answer.body);
  const error = parsed.success ? parsed.data.error : undefined;
  const text = typeof error === "object" ? (error.message ?? "") : parsed.success ? parsed.data.error_description : "";
  return {
    call,
    status: answer.status,
    reason: reasonOf(error),
    text,
    waitMs: statedWait(answer.retryAfter, text, now),
  };
}

type ProviderError = ReturnType<typeof providerErrorSchema.parse>["error"];

function reasonOf(error: ProviderError): string {
  const reason =
    typeof error === "string" ? error : (error?.errors[0]?.reason ?? error?.details[0]?.reason ?? error?.status);
  return reason !== undefined && /^[\w.-]{1,64}$/.test(reason) ? reason : "none";
}

function statedWait(header: string | null, text: string, now: Date): number | null {
  const stated = header ?? /Retry after ([\dT:.Z+-]+)/i.exec(text)?.[1];
  if (stated === undefined) return null;
  const seconds = Number(stated);
  const wait = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(stated) - now.getTime();
  return Number.isNaN(wait) ? null : Math.min(Math.max(wait, 0), LONGEST_WAIT_MS);
}

/** True for every way in which Google says "too fast". */
export function isRateLimit({ status, reason, text }: Refusal): boolean {
  if (status === 429) return true;
  return status === 403 && (RATE_REASONS.has(reason) || /quota exceeded|rate limit/i.test(text));
}

/** True when the limit is the whole project's and not one user's. */
export function isProjectLimit(refusal: Refusal): boolean {
  if (refusal.status === 429 || refusal.reason === "userRateLimitExceeded") return false;
  return isRateLimit(refusal) && !/per user|user-rate/i.test(refusal.text);
}

/**
 * The same status means different things for different calls: 404 is an expired cursor for the history, a missing
 * message for messages (LogicLabs-OU/OpenArchiver#443).
 */
export function toPosternError(refusal: Refusal): PosternError {
  const { call, status, reason, waitMs } = refusal;
  const details = { call, status, reason };
  const wait = waitMs === null ? {} : { retryAfterMs: waitMs };
  if (isRateLimit(refusal)) {
    return new PosternError("PROVIDER_THROTTLED", "Google asks to slow down", { details, ...wait });
  }
  if (status === 0 || status === 408 || status >= 500) {
    return new PosternError("PROVIDER_UNAVAILABLE", "Google did not answer the call", { details, ...wait });
  }
  if (call === "token" || call === "sign") return tokenError(refusal, details);
  if (status === 401) return new PosternError("PROVIDER_UNAUTHORIZED", "Google refused a fresh token", { details });
  if (status === 403) return new PosternError("PROVIDER_FORBIDDEN", "A right is missing for this call", { details });
  if (status === 404) return notFound(call, details);
  if (status === 413) return new PosternError("MESSAGE_TOO_LARGE", "The message is too large for Gmail", { details });
  if (isUnusableMailbox(refusal)) {
    return new PosternError("MAILBOX_UNAVAILABLE", "Gmail is not set up or not licensed for this user", { details });
  }
  if (isMessageCall(call) && /invalid id value/i.test(refusal.text)) return notFound(call, details);
  return new PosternError("PROVIDER_REFUSED", "Google refused the call", { details });
}

type Details = Readonly<Record<string, string | number>>;

function notFound(call: CallName, details: Details): PosternError {
  if (call === "gmail.users.history.list") {
    return new PosternError("CURSOR_EXPIRED", "Gmail no longer knows this history id", { details });
  }
  if (isMessageCall(call)) {
    return new PosternError("MESSAGE_NOT_FOUND", "Gmail does not know this message", { details });
  }
  if (call === "gmail.users.getProfile") {
    return new PosternError("MAILBOX_UNAVAILABLE", "There is no such mailbox", { details });
  }
  return new PosternError("PROVIDER_REFUSED", "Google does not know what the call names", { details });
}

function isMessageCall(call: CallName): boolean {
  return call.startsWith("gmail.users.messages.");
}

/** 400 "Mail service not enabled" / "Precondition check failed": suspended, unlicensed or never set up. */
function isUnusableMailbox({ call, status, reason, text }: Refusal): boolean {
  if (status !== 400 || !call.startsWith("gmail.")) return false;
  return /^failed_?precondition$/i.test(reason) || /mail service not enabled|precondition check failed/i.test(text);
}

function tokenError(refusal: Refusal, details: Details): PosternError {
  if (
    refusal.reason === "invalid_grant" &&
    /invalid email|not a valid email|user id|account (is )?disabled/i.test(refusal.text)
  ) {
    return new PosternError("MAILBOX_UNAVAILABLE", "The user cannot be impersonated: unknown or suspended", {
      details,
    });
  }
  return new PosternError("PROVIDER_UNAUTHORIZED", "Google gives no token: key or delegation is not accepted", {
    details,
  });
}
