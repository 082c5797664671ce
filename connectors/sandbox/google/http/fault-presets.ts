import type { FaultEffect } from "./faults.ts";

/** Answers of Google that clients tell apart by reason and text, not by status alone (guide on handling errors). */
export const GOOGLE_FAULTS = {
  backendError: { kind: "status", status: 503 },
  internalError: { kind: "status", status: 500 },
  rateLimit: { kind: "status", status: 403, reason: "rateLimitExceeded", message: "Rate Limit Exceeded" },
  userRateLimit: { kind: "status", status: 403, reason: "userRateLimitExceeded", message: "User Rate Limit Exceeded" },
  dailyLimit: { kind: "status", status: 403, reason: "dailyLimitExceeded", message: "Daily Limit Exceeded" },
  domainPolicy: {
    kind: "status",
    status: 403,
    reason: "domainPolicy",
    message: "The domain administrators have disabled Gmail apps.",
  },
  tooManyConcurrent: {
    kind: "status",
    status: 429,
    reason: "rateLimitExceeded",
    message: "Too many concurrent requests for user",
  },
  authError: { kind: "status", status: 401, reason: "authError", message: "Invalid Credentials" },
  preconditionFailed: {
    kind: "status",
    status: 400,
    reason: "failedPrecondition",
    message: "Precondition check failed.",
  },
  notFound: { kind: "status", status: 404, reason: "notFound", message: "Requested entity was not found." },
} as const satisfies Record<string, FaultEffect>;

/** 429 that names the moment until which it lasts, in the text as Gmail does and not in a header. */
export function retryAfter(until: Date): FaultEffect {
  const message = `User-rate limit exceeded.  Retry after ${until.toISOString()}`;
  return { kind: "status", status: 429, reason: "rateLimitExceeded", message };
}
