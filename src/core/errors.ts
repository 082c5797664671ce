/** A later attempt may help after so many milliseconds, or never. */
export type Retry = "never" | { readonly afterMs: number };

interface ErrorKind {
  /** HTTP status of the problem document when the error reaches the administration API. */
  readonly status: number;
  readonly retry: Retry;
  /** Whether a failed attempt counts towards the dead-letter limit. Throttling and outages do not. */
  readonly counts: boolean;
}

/** Every code that Postern throws. `docs/errors.md` explains each; a test compares the two. */
export const ERROR_KINDS = {
  CONFIG_INVALID: { status: 500, retry: "never", counts: true },
  REQUEST_INVALID: { status: 400, retry: "never", counts: true },
  UNAUTHENTICATED: { status: 401, retry: "never", counts: true },
  FORBIDDEN: { status: 403, retry: "never", counts: true },
  NOT_FOUND: { status: 404, retry: "never", counts: true },
  CONFLICT: { status: 409, retry: "never", counts: true },
  POLICY_INVALID: { status: 422, retry: "never", counts: true },
  STORE_UNAVAILABLE: { status: 503, retry: { afterMs: 1_000 }, counts: false },
  PROVIDER_THROTTLED: { status: 503, retry: { afterMs: 5_000 }, counts: false },
  PROVIDER_UNAVAILABLE: { status: 503, retry: { afterMs: 2_000 }, counts: false },
  /** 401 after a fresh token, or the token endpoint refuses: consent or secret lost. */
  PROVIDER_UNAUTHORIZED: { status: 502, retry: { afterMs: 5_000 }, counts: false },
  /** 403 for this call: a right is missing or the mailbox is out of scope. */
  PROVIDER_FORBIDDEN: { status: 502, retry: { afterMs: 60_000 }, counts: true },
  /** 400 and other answers that say our request was wrong. */
  PROVIDER_REFUSED: { status: 502, retry: { afterMs: 30_000 }, counts: true },
  MAILBOX_UNAVAILABLE: { status: 502, retry: "never", counts: true },
  MESSAGE_NOT_FOUND: { status: 404, retry: { afterMs: 2_000 }, counts: true },
  MESSAGE_TOO_LARGE: { status: 413, retry: "never", counts: true },
  CURSOR_EXPIRED: { status: 410, retry: "never", counts: true },
  CONTENT_UNREADABLE: { status: 500, retry: "never", counts: true },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERROR_KINDS;

/** What stops a job or a request. Messages and details never carry content, addresses' subjects or secrets. */
export class PosternError extends Error {
  readonly code: ErrorCode;
  readonly retry: Retry;
  /** Machine-readable facts, for instance the provider's status, error code and request id. */
  readonly details: Readonly<Record<string, string | number | boolean>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      readonly retryAfterMs?: number;
      readonly details?: Readonly<Record<string, string | number | boolean>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "PosternError";
    this.code = code;
    this.retry = options.retryAfterMs === undefined ? ERROR_KINDS[code].retry : { afterMs: options.retryAfterMs };
    this.details = options.details ?? {};
  }

  get counts(): boolean {
    return ERROR_KINDS[this.code].counts;
  }

  get status(): number {
    return ERROR_KINDS[this.code].status;
  }
}

/** True when `error` is a PosternError with this code. */
export function isPosternError(error: unknown, code?: ErrorCode): error is PosternError {
  return error instanceof PosternError && (code === undefined || error.code === code);
}
