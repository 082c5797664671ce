import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { FaultEffect, Struck } from "./faults.ts";

export interface Rendered {
  readonly status: number;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** Writes an answer, mistreated as the fault says. */
export async function writeAnswer(response: ServerResponse, answer: Rendered, struck: Struck | null): Promise<void> {
  const effect = struck?.effect;
  if (struck !== null && effect?.kind === "withhold") await struck.released;
  if (response.destroyed) return;
  const length = answer.body.length + (effect?.kind === "short-body" ? 1 : 0);
  response.writeHead(answer.status, {
    "content-type": "application/json; charset=UTF-8",
    ...answer.headers,
    ...(answer.status === 204 ? {} : { "content-length": `${length}` }),
  });
  if (effect === undefined || answer.status === 204) {
    response.end(answer.body);
    return;
  }
  await mistreat(response, answer.body, effect);
}

async function mistreat(response: ServerResponse, body: Buffer, effect: FaultEffect): Promise<void> {
  switch (effect.kind) {
    case "reset":
      response.write(body.subarray(0, effect.bytes ?? Math.floor(body.length / 2)), () => {
        response.socket?.resetAndDestroy();
      });
      return;
    case "short-body":
      response.write(body, () => {
        response.socket?.end();
      });
      return;
    case "drip":
      for (let at = 0; at < body.length && !response.destroyed; at += effect.bytes) {
        response.write(body.subarray(at, at + effect.bytes));
        await sleep(effect.everyMs, undefined, { ref: false });
      }
      response.end();
      return;
    default:
      response.end(body);
  }
}
