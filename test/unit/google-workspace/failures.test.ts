import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CALLS, type CallName } from "../../../connectors/google-workspace/calls.ts";
import {
  isProjectLimit,
  type Refusal,
  readRefusal,
  toPosternError,
} from "../../../connectors/google-workspace/failures.ts";
import { googleError } from "./google-answers.ts";

const NOW = new Date("2026-11-30T12:00:00Z");
const GET = "gmail.users.messages.get";

function refusal(call: Refusal["call"], status: number, body: unknown = {}, retryAfter: string | null = null): Refusal {
  return readRefusal(call, { status, body, retryAfter }, NOW);
}
const codeOf = (call: Refusal["call"], status: number, body: unknown = {}) =>
  toPosternError(refusal(call, status, body)).code;

describe("a refused call", () => {
  it("means what call, status and reason say together", () => {
    const rate = (reason: string) => googleError(403, reason, "Rate Limit Exceeded");
    const cases: readonly (readonly [Refusal["call"], number, unknown, string])[] = [
      [
        "gmail.users.history.list",
        404,
        googleError(404, "notFound", "Requested entity was not found."),
        "CURSOR_EXPIRED",
      ],
      [GET, 404, googleError(404, "notFound", "Requested entity was not found."), "MESSAGE_NOT_FOUND"],
      [GET, 400, googleError(400, "invalidArgument", "Invalid id value"), "MESSAGE_NOT_FOUND"],
      ["gmail.users.getProfile", 404, {}, "MAILBOX_UNAVAILABLE"],
      ["gmail.users.labels.create", 409, googleError(409, "aborted", "Label name exists"), "PROVIDER_REFUSED"],
      [GET, 400, googleError(400, "failedPrecondition", "Mail service not enabled"), "MAILBOX_UNAVAILABLE"],
      [GET, 400, googleError(400, "x", "Precondition check failed."), "MAILBOX_UNAVAILABLE"],
      [GET, 401, googleError(401, "authError", "Invalid Credentials"), "PROVIDER_UNAUTHORIZED"],
      [GET, 403, rate("rateLimitExceeded"), "PROVIDER_THROTTLED"],
      [GET, 403, rate("userRateLimitExceeded"), "PROVIDER_THROTTLED"],
      [GET, 403, rate("dailyLimitExceeded"), "PROVIDER_THROTTLED"],
      [
        GET,
        403,
        googleError(403, "domainPolicy", "The domain administrators have disabled Gmail apps."),
        "PROVIDER_FORBIDDEN",
      ],
      [GET, 403, googleError(403, "insufficientPermissions", "Insufficient Permission"), "PROVIDER_FORBIDDEN"],
      [GET, 429, googleError(429, "rateLimitExceeded", "Too many concurrent requests for user"), "PROVIDER_THROTTLED"],
      [GET, 500, googleError(500, "backendError", "Backend Error"), "PROVIDER_UNAVAILABLE"],
      [GET, 0, undefined, "PROVIDER_UNAVAILABLE"],
      ["gmail.users.messages.send", 413, {}, "MESSAGE_TOO_LARGE"],
      ["token", 400, { error: "invalid_grant", error_description: "Invalid email or User ID" }, "MAILBOX_UNAVAILABLE"],
      ["token", 400, { error: "invalid_grant", error_description: "Invalid JWT Signature." }, "PROVIDER_UNAUTHORIZED"],
      ["token", 401, { error: "unauthorized_client" }, "PROVIDER_UNAUTHORIZED"],
      ["token", 503, "busy", "PROVIDER_UNAVAILABLE"],
    ];
    for (const [call, status, body, code] of cases)
      expect([call, status, body, codeOf(call, status, body)]).toEqual([call, status, body, code]);
  });

  it("waits as long as the header or the text asks, and never for days", () => {
    const text = googleError(
      429,
      "rateLimitExceeded",
      "User-rate limit exceeded.  Retry after 2026-11-30T12:00:30.000Z",
    );
    expect(refusal(GET, 429, text).waitMs).toBe(30_000);
    expect(refusal(GET, 429, {}, "7").waitMs).toBe(7_000);
    expect(refusal(GET, 429, {}, "Mon, 30 Nov 2026 12:00:10 GMT").waitMs).toBe(10_000);
    expect(refusal(GET, 429, {}, "soon").waitMs).toBeNull();
    expect(refusal(GET, 429, {}, "-5").waitMs).toBe(0);
    expect(refusal(GET, 429, {}, "99999999").waitMs).toBe(6 * 3_600_000);
    expect(toPosternError(refusal(GET, 429, {}, "7")).retry).toEqual({ afterMs: 7_000 });
  });

  it("is one user's limit when it says so, else the project's", () => {
    const perUser = "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user'";
    expect(isProjectLimit(refusal(GET, 403, googleError(403, "rateLimitExceeded", perUser)))).toBe(false);
    expect(isProjectLimit(refusal(GET, 403, googleError(403, "userRateLimitExceeded", "x")))).toBe(false);
    expect(isProjectLimit(refusal(GET, 429, {}))).toBe(false);
    expect(isProjectLimit(refusal(GET, 403, googleError(403, "dailyLimitExceeded", "x")))).toBe(true);
  });

  it("never carries the provider's text, whatever the answer is", () => {
    const names = fc.constantFrom(...(Object.keys(CALLS) as CallName[]));
    const secret = "confidential subject 4111111111111111";
    const bodies = fc.oneof(
      fc.jsonValue(),
      fc.constant(secret),
      fc.record({ error: fc.record({ message: fc.constant(secret), errors: fc.constant([{ reason: secret }]) }) }),
      fc.record({ error: fc.constant(secret), error_description: fc.constant(secret) }),
    );
    fc.assert(
      fc.property(names, fc.integer({ min: 300, max: 599 }), bodies, (call, status, body) => {
        const error = toPosternError(refusal(call, status, body));
        expect(`${error.message} ${JSON.stringify(error.details)}`).not.toContain("confidential");
      }),
    );
  });
});
