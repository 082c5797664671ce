import { randomUUID } from "node:crypto";
import type { Answer } from "./call.ts";

/** Error document of the token endpoint; `error_codes` carries the AADSTS number. */
export function loginFailure(now: Date, status: number, error: string, code: number, text: string): Answer {
  const timestamp = `${now.toISOString().slice(0, 19).replace("T", " ")}Z`;
  const ids = { trace_id: randomUUID(), correlation_id: randomUUID() };
  const description = `AADSTS${code}: ${text} Trace ID: ${ids.trace_id} Correlation ID: ${ids.correlation_id} Timestamp: ${timestamp}`;
  return { status, body: { error, error_description: description, error_codes: [code], timestamp, ...ids } };
}
