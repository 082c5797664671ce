import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { type AccessTokens, requireToken } from "./access-token.ts";
import { readyAnswer, readyError, readyFault } from "./answer-bytes.ts";
import type { Application } from "./application.ts";
import { readBatch, runBatch } from "./batch.ts";
import { type Call, jsonBody, type Route } from "./call.ts";
import { dispatch, mailboxAddress, type ScopedRoles } from "./dispatch.ts";
import type { FaultSubject, Hit } from "./faults.ts";
import { GraphError } from "./graph-error.ts";
import { login } from "./login.ts";
import type { Throttle } from "./meters.ts";
import { decodePath } from "./paths.ts";
import { type Ready, respond } from "./respond.ts";
import type { SeenRequest } from "./seen-request.ts";
import type { Tenant } from "./tenant.ts";

/** What the server needs to answer. */
export interface ServerParts {
  readonly tenant: Tenant;
  readonly application: Application;
  readonly tokens: AccessTokens;
  readonly scoped: ScopedRoles;
  readonly routes: readonly Route[];
  readonly throttle: Throttle;
  readonly match: (subject: FaultSubject) => Hit | undefined;
  readonly seen: (request: SeenRequest) => void;
  readonly done: (request: SeenRequest) => void;
}

/** JSON requests are refused above this many bytes. */
const maxJsonBytes = 4 * 1024 * 1024;
/** Nothing that Graph takes is larger: messages end at 150 MB. */
const maxBytes = 160 * 1024 * 1024;

/** Starts listening on loopback. @returns the server and its address. */
export async function listen(
  parts: ServerParts,
  port: number,
): Promise<{ readonly server: Server; readonly url: string }> {
  let url = "";
  const server = createServer((request, response) => {
    handle(parts, url, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { server, url };
}

async function handle(
  parts: ServerParts,
  url: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const target = new URL(request.url ?? "/", url);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const seen = record(parts, {
    method: request.method ?? "GET",
    path: target.pathname,
    query: target.searchParams,
    headers,
    body: await readBody(request),
    inBatch: false,
  });
  parts.throttle.requests += 1;
  const hit = parts.match(subjectOf(seen));
  const ready = await answerUnderFault(parts, url, seen, headers.authorization, hit);
  const written = ready !== null && (await respond(response, ready, hit?.effect));
  if (!written) response.destroy();
  seen.status = written ? (ready?.status ?? null) : null;
  parts.done(seen);
}

function record(parts: ServerParts, given: Omit<SeenRequest, "mailbox" | "at" | "status">): SeenRequest {
  const authorization = given.headers.authorization;
  const seen: SeenRequest = {
    ...given,
    headers:
      authorization === undefined ? given.headers : { ...given.headers, authorization: authorization.split(" ")[0] },
    mailbox: mailboxAddress(parts.tenant, given.path.replace(/^\/(v1\.0|beta)/i, "")),
    at: parts.tenant.now(),
    status: null,
  };
  parts.seen(seen);
  return seen;
}

/** Rules are written against decoded paths: some clients escape the `=` of an id, others do not. */
function subjectOf({ method, path, mailbox }: SeenRequest): FaultSubject {
  return { method, path: decodePath(path), mailbox };
}

/** @returns null when the connection is to be cut. */
async function answerUnderFault(
  parts: ServerParts,
  url: string,
  seen: SeenRequest,
  authorization: string | undefined,
  hit: Hit | undefined,
): Promise<Ready | null> {
  const effect = hit?.effect ?? {};
  let leave = () => {};
  try {
    // A held request keeps its place in the mailbox's limit, as a slow one does.
    if (seen.mailbox !== null) leave = parts.throttle.enter(seen.mailbox);
    const wait = (effect.delayMs ?? 0) + (seen.mailbox === null ? 0 : parts.tenant.quirks.latencyMs);
    if (wait > 0) await pause(wait);
    if (effect.hold === "before") await hit?.released;
    if (effect.reset === "before") return null;
    if (effect.answer) return readyFault(effect.answer, parts.tenant.now());
    const ready = await answer(parts, url, seen, authorization);
    if (effect.hold === "after") await hit?.released;
    return effect.reset === "after" ? null : ready;
  } catch (error) {
    return readyError(error, parts.tenant.now());
  } finally {
    leave();
  }
}

async function answer(
  parts: ServerParts,
  url: string,
  seen: SeenRequest,
  authorization: string | undefined,
): Promise<Ready> {
  const { tenant, tokens } = parts;
  const [, version, path] = /^\/(v1\.0|beta)(\/.*)$/i.exec(seen.path) ?? [];
  if (version === undefined || path === undefined) {
    const now = tenant.now();
    const { application } = parts;
    const context = {
      tenantId: tenant.id,
      domains: tenant.domains,
      application,
      tokens,
      now,
      loginUrl: url,
      graphUrl: url,
    };
    const given = login(context, seen.method, seen.path, seen.body);
    if (!given) throw new GraphError(404, "NotFound", "Nothing is here: paths start with /v1.0, /beta or a tenant.");
    return readyAnswer(given, undefined);
  }
  const token = requireToken(tokens, authorization, tenant.now());
  if (/json/i.test(seen.headers["content-type"] ?? "") && seen.body.length > maxJsonBytes) {
    throw new GraphError(413, "RequestEntityTooLarge", "The request body is larger than 4 MB.");
  }
  const { method, query, headers, body } = seen;
  const call: Call = {
    tenant,
    method,
    path,
    version: version.toLowerCase(),
    query,
    headers,
    body,
    token,
    graphUrl: url,
  };
  if (path.toLowerCase() === "/$batch" && method === "POST")
    return readyAnswer(await batch(parts, url, call, authorization), undefined);
  return readyAnswer(await dispatch(parts.routes, parts.scoped, call), headers.prefer);
}

/** Inner requests go the whole way themselves: recorded, limited and spoiled each on its own. */
async function batch(parts: ServerParts, url: string, call: Call, authorization: string | undefined) {
  const body = await runBatch(readBatch(jsonBody(call)), async (request) => {
    const target = new URL(`/${call.version}${request.url}`, url);
    const { method, headers, body: content } = request;
    const seen = record(parts, {
      method,
      path: target.pathname,
      query: target.searchParams,
      headers,
      body: content,
      inBatch: true,
    });
    const ready = await answerUnderFault(parts, url, seen, authorization, parts.match(subjectOf(seen)));
    const given =
      ready ?? readyError(new GraphError(504, "GatewayTimeout", "The inner request failed."), parts.tenant.now());
    seen.status = given.status;
    parts.done(seen);
    return given;
  });
  return { status: 200, body };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new Error("The request is larger than anything that Graph takes");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
