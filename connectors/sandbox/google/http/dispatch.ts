import type { Principal } from "../auth/tokens.ts";
import { GoogleError, insufficientScopes, invalidArgument, notFound, unauthenticated } from "../google-error.ts";
import type { World } from "../world.ts";
import { selectFields } from "./fields.ts";
import { type Answer, type Call, COMMON_PARAMETERS, type Match } from "./route.ts";
import type { SeenRequest } from "./seen.ts";
import { readUpload } from "./upload.ts";

const NOBODY: Principal = { subject: null, scopes: [] };

/** The caller that a request's bearer token stands for. */
export function authenticate(world: World, authorization: string | undefined): Principal | undefined {
  const [, token] = /^Bearer\s+(\S+)$/i.exec(authorization ?? "") ?? [];
  return token === undefined ? undefined : world.tokens.resolve(token);
}

/**
 * Checks a request against its route, in Google's order: method, token, scope, parameters, body; then applies it.
 * @throws GoogleError for everything that is wrong with it.
 */
export async function dispatch(
  world: World,
  match: Match | null,
  seen: SeenRequest,
  principal: Principal | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  if (match === null) throw notFound("Method not found.");
  const { route, params } = match;
  if (route.scopes !== null) checkToken(principal, route.scopes);
  const query = new URLSearchParams(seen.query.map(([name, value]) => [name, value]));
  checkParameters(query, route.query ?? []);
  const contentType = seen.headers["content-type"] ?? "";
  const upload = match.upload
    ? readUpload(contentType, query.get("uploadType"), seen.body, route.maxMediaBytes ?? 0)
    : null;
  const call: Call = {
    params,
    query,
    headers: seen.headers,
    body: upload?.media ?? seen.body,
    json: route.body === undefined ? {} : readJson(upload?.metadata ?? seen.body, route.body),
    isMedia: upload !== null,
    principal: principal ?? NOBODY,
    signal,
  };
  const answer = await route.handle(call, world);
  const fields = query.get("fields");
  return fields === null || answer.body === null ? answer : { ...answer, body: selectFields(answer.body, fields) };
}

function checkToken(principal: Principal | undefined, accepted: readonly string[]): void {
  if (principal === undefined) throw unauthenticated();
  if (!principal.scopes.some((scope) => accepted.includes(scope))) throw insufficientScopes();
}

function checkParameters(query: URLSearchParams, known: readonly string[]): void {
  for (const name of query.keys()) {
    if (known.includes(name) || COMMON_PARAMETERS.includes(name)) continue;
    throw invalidArgument(
      `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`,
    );
  }
}

function readJson(body: Buffer, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    throw new GoogleError(400, "parseError", "Invalid JSON payload received. Unexpected token.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new GoogleError(400, "parseError", "Invalid JSON payload received. Root element must be a message.");
  }
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) {
      throw invalidArgument(`Invalid JSON payload received. Unknown name "${name}": Cannot find field.`);
    }
  }
  return value as Readonly<Record<string, unknown>>;
}
