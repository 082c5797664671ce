import type { ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { FaultEffect } from "./faults.ts";

/** An answer ready to be written. */
export interface Ready {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Writes an answer, spoiled as the fault says. @returns false when the connection was cut instead. */
export async function respond(response: ServerResponse, ready: Ready, effect: FaultEffect = {}): Promise<boolean> {
  if (response.destroyed) return false;
  const { status, headers, body } = ready;
  response.writeHead(status, { ...headers, ...(status === 204 ? {} : { "Content-Length": String(body.length) }) });
  if (effect.reset === "mid-body") {
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
    return false;
  }
  if (effect.shortBy !== undefined) {
    // Ends politely, but too early: the client has to compare with Content-Length.
    response.write(body.subarray(0, Math.max(0, body.length - effect.shortBy)), () => response.socket?.end());
    return true;
  }
  if (effect.drip) {
    for (let at = 0; at < body.length && !response.destroyed; at += effect.drip.bytes) {
      response.write(body.subarray(at, at + effect.drip.bytes));
      await pause(effect.drip.everyMs);
    }
    response.end();
    return !response.destroyed;
  }
  response.end(body);
  return true;
}
