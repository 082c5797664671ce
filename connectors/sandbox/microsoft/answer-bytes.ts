import { randomUUID } from "node:crypto";
import type { Answer } from "./call.ts";
import type { FaultEffect } from "./faults.ts";
import { errorDocument, GraphError } from "./graph-error.ts";
import type { Ready } from "./respond.ts";

/** Makes an answer ready to be written, with the headers that every Graph answer has. */
export function readyAnswer(answer: Answer, prefer: string | undefined): Ready {
  const requestId = randomUUID();
  const headers: Record<string, string> = { "request-id": requestId, "client-request-id": requestId };
  if (prefer !== undefined) headers["Preference-Applied"] = prefer;
  const { body } = answer;
  if (body === undefined)
    return { status: answer.status, headers: { ...headers, ...answer.headers }, body: Buffer.alloc(0) };
  if (typeof body === "object" && !Buffer.isBuffer(body)) {
    headers["Content-Type"] = "application/json; odata.metadata=minimal; charset=utf-8";
    return {
      status: answer.status,
      headers: { ...headers, ...answer.headers },
      body: Buffer.from(JSON.stringify(body)),
    };
  }
  return { status: answer.status, headers: { ...headers, ...answer.headers }, body: Buffer.from(body) };
}

/** Any failure as Graph's error document; what is no GraphError is a bug of the sandbox and shows as 500. */
export function readyError(cause: unknown, at: Date): Ready {
  const error = cause instanceof GraphError ? cause : new GraphError(500, "InternalServerError", String(cause));
  const requestId = randomUUID();
  return {
    status: error.status,
    headers: { "Content-Type": "application/json", "request-id": requestId, ...error.headers },
    body: Buffer.from(JSON.stringify(errorDocument(error, requestId, at))),
  };
}

/** The answer that a fault gives in place of the real one. */
export function readyFault(answer: NonNullable<FaultEffect["answer"]>, at: Date): Ready {
  const {
    status,
    code = codeOf(status),
    message = "Injected by the sandbox.",
    retryAfter,
    body,
    headers = {},
  } = answer;
  const retry = retryAfter === undefined ? {} : { "Retry-After": String(retryAfter) };
  if (body === undefined && status < 400) return readyAnswer({ status, headers: { ...headers, ...retry } }, undefined);
  if (body === undefined) return readyError(new GraphError(status, code, message, { ...headers, ...retry }), at);
  return readyAnswer({ status, body, headers: { ...headers, ...retry } }, undefined);
}

const codes: Readonly<Record<number, string>> = {
  401: "InvalidAuthenticationToken",
  403: "ErrorAccessDenied",
  404: "ErrorItemNotFound",
  410: "SyncStateNotFound",
  412: "ErrorIrresolvableConflict",
  429: "ApplicationThrottled",
  503: "serviceNotAvailable",
  504: "GatewayTimeout",
};

function codeOf(status: number): string {
  return codes[status] ?? "UnknownError";
}
