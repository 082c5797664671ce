import type { Answer, Call, Route } from "../http/route.ts";
import { json } from "../http/route.ts";
import { findPerson } from "../people.ts";
import type { World } from "../world.ts";
import { type Claims, isSignedBy, readJwt } from "./jwt.ts";
import { isKnownScope } from "./scopes.ts";
import { TOKEN_LIFETIME_S } from "./tokens.ts";

const GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** What client libraries write as the audience, wherever the endpoint really is. */
const GOOGLE_AUDIENCES = ["https://oauth2.googleapis.com/token", "https://www.googleapis.com/oauth2/v4/token"];

/** Longest life of an assertion, and how far the clocks may be apart. */
const MAX_ASSERTION_S = 3_600;
const SKEW_S = 300;

const NOT_DELEGATED =
  "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.";

/**
 * `POST /token`: exchanges a signed assertion for an access token (RFC 7523; Google's guide on service accounts).
 * The errors are those of OAuth (RFC 6749 section 5.2), not of Google's APIs.
 */
export const tokenRoute: Route = {
  id: "oauth2.token",
  method: "POST",
  path: "/token",
  scopes: null,
  handle: exchange,
};

function exchange(call: Call, world: World): Answer {
  const form = new URLSearchParams(call.body.toString("utf8"));
  if (form.get("grant_type") !== GRANT_TYPE) {
    return refuse(400, "unsupported_grant_type", "Invalid grant_type: only JWT bearer assertions are exchanged");
  }
  const jwt = readJwt(form.get("assertion") ?? "");
  if (jwt === null) return refuse(400, "invalid_grant", "Invalid JWT: it cannot be read");
  if (jwt.claims.iss !== world.serviceAccount.email) {
    return refuse(400, "invalid_grant", "Invalid grant: account not found");
  }
  if (!isSignedBy(jwt, world.serviceAccount.key)) return refuse(400, "invalid_grant", "Invalid JWT Signature.");
  const fault = checkTimes(jwt.claims, world.clock()) ?? checkAudience(jwt.claims, call);
  if (fault !== null) return refuse(400, "invalid_grant", fault);

  const scopes = `${jwt.claims.scope ?? ""}`.split(" ").filter((scope) => scope !== "");
  if (scopes.length === 0 || !scopes.every(isKnownScope)) {
    return refuse(400, "invalid_scope", "Invalid OAuth scope or ID token audience provided.");
  }
  const subject = jwt.claims.sub;
  if (subject === undefined || subject === world.serviceAccount.email) return grant(world, null, scopes);
  // Delegation is granted by an organisation for its own people, whole requests at a time.
  const domain = `${subject}`.toLowerCase().split("@")[1] ?? "";
  if (!world.domains.includes(domain) || !scopes.every((scope) => world.delegation.has(scope))) {
    return refuse(401, "unauthorized_client", NOT_DELEGATED);
  }
  const person = findPerson(world.people, `${subject}`);
  if (person === undefined) return refuse(400, "invalid_grant", "Invalid email or User ID");
  return grant(world, person.address, scopes);
}

function grant(world: World, subject: string | null, scopes: readonly string[]): Answer {
  const token = world.tokens.issue({ subject, scopes });
  return json({ access_token: token, expires_in: TOKEN_LIFETIME_S, token_type: "Bearer" });
}

function checkTimes(claims: Claims, now: Date): string | null {
  const seconds = now.getTime() / 1_000;
  const issued = Number(claims.iat);
  const expires = Number(claims.exp);
  const isSound =
    issued <= seconds + SKEW_S && expires > seconds - SKEW_S && expires > issued && expires - issued <= MAX_ASSERTION_S;
  if (isSound) return null;
  return "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.";
}

function checkAudience(claims: Claims, call: Call): string | null {
  const own = `http://${call.headers.host ?? ""}/token`;
  return [...GOOGLE_AUDIENCES, own].includes(`${claims.aud}`) ? null : "Invalid JWT: Failed audience check.";
}

function refuse(status: number, error: string, description: string): Answer {
  return { status, body: { error, error_description: description } };
}
