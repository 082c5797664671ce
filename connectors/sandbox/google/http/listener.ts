import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Principal } from "../auth/tokens.ts";
import { errorBody, GoogleError } from "../google-error.ts";
import type { World } from "../world.ts";
import { authenticate, dispatch } from "./dispatch.ts";
import type { Faults, Struck } from "./faults.ts";
import type { MeterGate } from "./meters.ts";
import { type Answer, findRoute, type Match, type Route, type ServiceName } from "./route.ts";
import type { SeenRequest } from "./seen.ts";
import { type Rendered, writeAnswer } from "./write-answer.ts";

export interface ListenerSettings {
  readonly world: World;
  readonly service: ServiceName;
  readonly routes: readonly Route[];
  readonly faults: Faults;
  readonly meters: MeterGate;
  readonly port: number;
  readonly onSeen: (seen: SeenRequest) => void;
}

export interface Listener {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves one of Google's services on a loopback port. */
export async function startListener(settings: ListenerSettings): Promise<Listener> {
  // Longer than tests take: a connection that the server closes while a client reuses it would look like a fault.
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    serve(settings, request, response).catch(() => response.destroy());
  });
  await listen(server, settings.port);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}

async function serve(settings: ListenerSettings, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const method = request.method ?? "GET";
  const match = findRoute(settings.routes, method, url.pathname);
  const principal = authenticate(settings.world, request.headers.authorization);
  const seen = {
    at: settings.world.clock(),
    service: settings.service,
    operation: match?.route.id ?? null,
    method,
    path: url.pathname,
    query: [...url.searchParams],
    headers: request.headers,
    body: await readBody(request),
    subject: principal?.subject ?? null,
    scopes: principal?.scopes ?? [],
    status: null as number | null,
  };
  settings.onSeen(seen);

  const leave = countIn(settings, match, principal);
  try {
    const struck = settings.faults.strike(seen);
    const hangUp = new AbortController();
    response.once("close", () => hangUp.abort());
    await suffer(struck, hangUp.signal);
    // Who hung up while the request was held has done nothing.
    if (hangUp.signal.aborted || cutBefore(response, struck)) return;
    const answer = await answerFor(settings.world, match, seen, { principal, struck, leave, signal: hangUp.signal });
    if (response.destroyed) return;
    seen.status = answer.status;
    await writeAnswer(response, answer, struck);
  } finally {
    if (typeof leave === "function") leave();
  }
}

/** The function that counts the call out, or the error when a limit is passed. */
function countIn(
  settings: ListenerSettings,
  match: Match | null,
  principal: Principal | undefined,
): (() => void) | GoogleError {
  const subject = principal?.subject;
  if (settings.service !== "gmail" || match === null || typeof subject !== "string") return () => {};
  try {
    return settings.meters.enter(subject, match.route);
  } catch (error) {
    if (error instanceof GoogleError) return error;
    throw error;
  }
}

async function suffer(struck: Struck | null, hangUp: AbortSignal): Promise<void> {
  if (struck?.effect.kind === "delay") await sleep(struck.effect.ms, undefined, { ref: false });
  if (struck?.effect.kind !== "hold") return;
  await Promise.race([struck.released, new Promise((resolve) => hangUp.addEventListener("abort", resolve))]);
}

function cutBefore(response: ServerResponse, struck: Struck | null): boolean {
  if (struck?.effect.kind !== "reset" || struck.effect.when !== "before") return false;
  response.socket?.resetAndDestroy();
  return true;
}

interface Circumstances {
  readonly principal: Principal | undefined;
  readonly struck: Struck | null;
  readonly leave: (() => void) | GoogleError;
  readonly signal: AbortSignal;
}

async function answerFor(
  world: World,
  match: Match | null,
  seen: SeenRequest,
  circumstances: Circumstances,
): Promise<Rendered> {
  const style = seen.service === "pubsub" || seen.service === "iam" ? "plain" : "with-reasons";
  const effect = circumstances.struck?.effect;
  if (effect?.kind === "status") {
    const { status, reason = "backendError", message = "Backend Error", headers } = effect;
    return render(status, effect.body ?? errorBody(new GoogleError(status, reason, message), style), headers);
  }
  try {
    if (circumstances.leave instanceof GoogleError) throw circumstances.leave;
    const answer: Answer = await dispatch(world, match, seen, circumstances.principal, circumstances.signal);
    return render(answer.status, answer.body, answer.headers);
  } catch (error) {
    // A fault of the sandbox itself must be seen in the test that caused it.
    if (!(error instanceof GoogleError)) return render(500, `Sandbox fault: ${(error as Error).stack}`);
    return render(error.status, errorBody(error, style), error.headers);
  }
}

function render(
  status: number,
  body: object | string | null,
  headers: Readonly<Record<string, string>> = {},
): Rendered {
  const text = body === null ? "" : typeof body === "string" ? body : JSON.stringify(body);
  return { status, body: Buffer.from(text), headers };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
