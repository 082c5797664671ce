import { type ErrorCode, PosternError } from "../../src/core/errors.ts";

/** What is kept of a refusal: never its message, which may quote addresses and subjects. */
export interface Refusal {
  readonly status: number;
  /** Graph's `error.code`, empty when there is none. */
  readonly code: string;
  readonly requestId: string;
}

/** Error codes of a mailbox that is not there: on premises, without licence, soft-deleted. */
const NO_MAILBOX = new Set([
  "MailboxNotEnabledForRESTAPI",
  "ErrorMailboxNotEnabledForRESTAPI",
  "MailboxNotHostedInExchangeOnline",
  "ErrorMailboxNotHostedInExchangeOnline",
  "ErrorNonExistentMailbox",
  "ErrorInvalidUser",
  "Request_ResourceNotFound",
]);
/** A delta token that the service forgot shows as 410 or as one of these. */
const CURSOR_GONE = new Set(["SyncStateNotFound", "SyncStateInvalid", "ResyncRequired", "syncStateNotFound"]);
const THROTTLED = new Set([
  "ApplicationThrottled",
  "ErrorExceededMessageLimit",
  "TooManyRequests",
  "activityLimitReached",
]);

/** An id that cannot be read says the same as one that is unknown. */
const BAD_ID = new Set(["ErrorInvalidIdMalformed", "ErrorInvalidIdEmpty", "ErrorInvalidId"]);

/**
 * The error that stops the job.
 * @param missing what a 404 of this call means
 */
export function failureOf(
  call: string,
  refusal: Refusal,
  missing: ErrorCode = "MESSAGE_NOT_FOUND",
  retryAfterMs?: number,
): PosternError {
  const code = codeOf(refusal, missing);
  const details = { call, status: refusal.status, code: refusal.code, requestId: refusal.requestId };
  return new PosternError(code, `Microsoft Graph answered ${refusal.status} ${refusal.code}`.trim(), {
    details,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function codeOf({ status, code }: Refusal, missing: ErrorCode): ErrorCode {
  if (status === 429 || THROTTLED.has(code)) return "PROVIDER_THROTTLED";
  if (status === 410 || CURSOR_GONE.has(code)) return "CURSOR_EXPIRED";
  if (NO_MAILBOX.has(code)) return "MAILBOX_UNAVAILABLE";
  if (status === 401) return "PROVIDER_UNAUTHORIZED";
  if (status === 403) return "PROVIDER_FORBIDDEN";
  if (status === 404 || BAD_ID.has(code)) return missing;
  if (status === 413) return "MESSAGE_TOO_LARGE";
  if (status === 408 || status >= 500) return "PROVIDER_UNAVAILABLE";
  return "PROVIDER_REFUSED";
}

/** Nothing came back, or only a part of it. */
export function noAnswer(call: string, cause: unknown): PosternError {
  const reason = cause instanceof Error ? cause.name : "unknown";
  return new PosternError("PROVIDER_UNAVAILABLE", "Microsoft Graph did not answer", { details: { call, reason } });
}

/** Reads `error.code` of Graph's JSON error, whatever else the body holds. */
export function readRefusal(status: number, requestId: string | null, body: Uint8Array): Refusal {
  return { status, code: readCode(body), requestId: wordOnly(requestId) };
}

function readCode(body: Uint8Array): string {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(body));
    if (typeof parsed !== "object" || parsed === null || !("error" in parsed)) return "";
    const { error } = parsed;
    if (typeof error === "string") return wordOnly(error);
    return typeof error === "object" && error !== null && "code" in error ? wordOnly(error.code) : "";
  } catch {
    return "";
  }
}

function wordOnly(value: unknown): string {
  return typeof value === "string" && /^[A-Za-z0-9_.-]{1,80}$/.test(value) ? value : "";
}
