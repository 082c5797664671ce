import { invalidArgument, notFound } from "../google-error.ts";
import { type Answer, type Call, json, type Route } from "../http/route.ts";
import { requirePermission } from "../pubsub/permissions.ts";
import type { World } from "../world.ts";
import { signJwt } from "./jwt.ts";
import { CLOUD_PLATFORM } from "./scopes.ts";

/** `exp` of a JWT to be signed may be at most 12 hours ahead (IAM Credentials discovery document). */
const MAX_AHEAD_S = 12 * 3_600;

/** IAM Service Account Credentials: signing without a key file. */
export const iamRoutes: readonly Route[] = [
  {
    id: "iamcredentials.projects.serviceAccounts.signJwt",
    method: "POST",
    path: "/v1/projects/-/serviceAccounts/{account}:signJwt",
    scopes: [CLOUD_PLATFORM],
    body: ["payload", "delegates"],
    handle: sign,
  },
];

function sign(call: Call, world: World): Answer {
  const { email, clientId, key } = world.serviceAccount;
  const account = call.params.account;
  if (account !== email && account !== clientId) throw notFound("Unknown service account");
  requirePermission(call, world, "iam.serviceAccounts.signJwt");
  const claims = readClaims(call.json.payload);
  if (Number(claims.exp) > world.clock().getTime() / 1_000 + MAX_AHEAD_S) {
    throw invalidArgument("The 'exp' claim must be within 12 hours.");
  }
  return json({ keyId: key.kid, signedJwt: signJwt(key, claims) });
}

function readClaims(payload: unknown): Readonly<Record<string, unknown>> {
  try {
    const claims: unknown = JSON.parse(`${payload}`);
    if (typeof claims === "object" && claims !== null) return claims as Readonly<Record<string, unknown>>;
  } catch {
    // Falls through to the same refusal as JSON of another shape.
  }
  throw invalidArgument("Invalid JSON in 'payload'.");
}
