/** An error answer in Google's JSON shape: `code`, `message`, `status` and the older list `errors`. */
export class GoogleError extends Error {
  readonly status: number;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly extra: object;

  constructor(
    status: number,
    reason: string,
    message: string,
    options: { readonly headers?: Readonly<Record<string, string>>; readonly extra?: object } = {},
  ) {
    super(message);
    this.name = "GoogleError";
    this.status = status;
    this.reason = reason;
    this.headers = options.headers ?? {};
    this.extra = options.extra ?? {};
  }
}

/** google.rpc.Code names by HTTP status; 400 is FAILED_PRECONDITION when the reason says so. */
const CODE_NAMES: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  409: "ALREADY_EXISTS",
  413: "INVALID_ARGUMENT",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  501: "UNIMPLEMENTED",
  503: "UNAVAILABLE",
};

/** How a service words its errors: the older APIs add a list `errors` with a reason, the Cloud APIs do not. */
export type ErrorStyle = "with-reasons" | "plain";

/** The body of an error answer. */
export function errorBody(error: GoogleError, style: ErrorStyle): object {
  const { status, reason, message, extra } = error;
  const name = reason === "failedPrecondition" ? "FAILED_PRECONDITION" : (CODE_NAMES[status] ?? "UNKNOWN");
  const reasons = { errors: [{ message, domain: "global", reason, ...extra }] };
  return { error: { code: status, message, ...(style === "plain" ? {} : reasons), status: name } };
}

export const invalidArgument = (message: string): GoogleError => new GoogleError(400, "invalidArgument", message);

export const failedPrecondition = (message: string): GoogleError => new GoogleError(400, "failedPrecondition", message);

export const forbidden = (message: string): GoogleError => new GoogleError(403, "forbidden", message);

export const notFound = (message = "Requested entity was not found."): GoogleError =>
  new GoogleError(404, "notFound", message);

export const conflict = (message: string): GoogleError => new GoogleError(409, "aborted", message);

export const unauthenticated = (): GoogleError =>
  new GoogleError(
    401,
    "authError",
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
    {
      headers: { "www-authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"' },
      extra: { location: "Authorization", locationType: "header" },
    },
  );

export const insufficientScopes = (): GoogleError =>
  new GoogleError(403, "insufficientPermissions", "Request had insufficient authentication scopes.");
