import type { Answer, Call, Route } from "./call.ts";
import { badRequest, GraphError } from "./graph-error.ts";
import { matchPath, segmentsOf } from "./paths.ts";
import { findUser, type Tenant } from "./tenant.ts";

/** Rights that RBAC for Applications gives on some mailboxes only; the token does not show them. */
export type ScopedRoles = Map<string, ReadonlySet<string>>;

/** Finds the route of a call, checks the rights and runs it. @throws GraphError */
export async function dispatch(routes: readonly Route[], scoped: ScopedRoles, call: Call): Promise<Answer> {
  const segments = segmentsOf(call.path);
  let otherMethod = false;
  for (const route of routes) {
    if (route.beta && call.version !== "beta") continue;
    const params = matchPath(route.path, segments);
    if (!params) continue;
    if (route.method !== call.method) {
      otherMethod = true;
      continue;
    }
    requireRole(route, scoped, call, params.user);
    return await route.handle(call, params);
  }
  if (otherMethod) throw new GraphError(405, "MethodNotAllowed", "The request method is not allowed on this resource.");
  throw badRequest(`Resource not found for the segment '${segments.at(-1) ?? ""}'.`);
}

/** Address of the mailbox that a path names, null for the directory's paths. */
export function mailboxAddress(tenant: Tenant, path: string): string | null {
  const [users, user, room] = segmentsOf(path);
  if (users?.toLowerCase() !== "users" || user === undefined) return null;
  const isMailbox = /^(messages|mailfolders|sendmail|outlook|mailboxsettings|getmailtips)$/i.test(room ?? "");
  return isMailbox ? (findUser(tenant, user)?.address ?? null) : null;
}

function requireRole(route: Route, scoped: ScopedRoles, call: Call, user: string | undefined): void {
  if (route.roles.length === 0) return;
  if (route.roles.some((role) => call.token.roles.has(role))) return;
  const address = user === undefined ? undefined : findUser(call.tenant, user)?.address;
  if (address !== undefined && route.roles.some((role) => scoped.get(role)?.has(address))) return;
  if (mailboxAddress(call.tenant, call.path) === null) {
    throw new GraphError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
  }
  throw new GraphError(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");
}
