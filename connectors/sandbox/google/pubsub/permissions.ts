import { GoogleError } from "../google-error.ts";
import type { Call } from "../http/route.ts";
import type { World } from "../world.ts";

/** IAM permissions of the service account in its project, all granted in the beginning. */
export const PERMISSIONS = [
  "pubsub.topics.create",
  "pubsub.topics.get",
  "pubsub.topics.getIamPolicy",
  "pubsub.topics.setIamPolicy",
  "pubsub.topics.attachSubscription",
  "pubsub.subscriptions.create",
  "pubsub.subscriptions.get",
  "pubsub.subscriptions.update",
  "pubsub.subscriptions.delete",
  "pubsub.subscriptions.consume",
  "iam.serviceAccounts.signJwt",
] as const;

export type Permission = (typeof PERMISSIONS)[number];

/** @throws GoogleError 403 when the caller is a person, or the service account has not got the permission. */
export function requirePermission(call: Call, world: World, permission: Permission): void {
  if (call.principal.subject === null && world.permissions.has(permission)) return;
  throw new GoogleError(403, "forbidden", `Permission '${permission}' denied on resource (or it may not exist).`);
}
