import { verify } from "node:crypto";
import { z } from "zod";
import type { SigningKeys } from "./signing-keys.ts";

export interface PushExpectation {
  /** Exactly what the token must name as its audience. */
  readonly audience: string;
  /** Address of the service account that Pub/Sub signs as. */
  readonly serviceAccount: string;
  /** Full name, `projects/P/subscriptions/S`. */
  readonly subscription: string;
}

const headerSchema = z.object({ alg: z.literal("RS256"), kid: z.string().min(1) });

const claimsSchema = z.object({
  iss: z.enum(["accounts.google.com", "https://accounts.google.com"]),
  aud: z.string(),
  email: z.string(),
  email_verified: z.literal(true),
  exp: z.number(),
  iat: z.number(),
});

/** Difference that is allowed between Google's clock and ours, in seconds. */
const SKEW_SECONDS = 60;

/**
 * Whether a push's OIDC token is Google's and for us (cloud.google.com/pubsub/docs/authenticate-push-subscriptions).
 * Every part is checked, because the signature alone says only that *some* Google account sent it.
 * @throws PosternError PROVIDER_UNAVAILABLE when the keys cannot be had: nothing is known then, and Google tries again.
 */
export async function isGenuinePush(
  authorization: string | undefined,
  expected: Pick<PushExpectation, "audience" | "serviceAccount">,
  keys: SigningKeys,
  signal: AbortSignal,
): Promise<boolean> {
  const token = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/i.exec(authorization ?? "");
  if (token === null) return false;
  const [, header = "", claims = "", signature = ""] = token;

  const readHeader = headerSchema.safeParse(decode(header));
  const readClaims = claimsSchema.safeParse(decode(claims));
  if (!readHeader.success || !readClaims.success) return false;
  if (!areForUs(readClaims.data, expected, keys.clock.now().getTime() / 1_000)) return false;

  const key = await keys.find(readHeader.data.kid, signal);
  if (key === undefined || key.asymmetricKeyType !== "rsa") return false;
  return verify("sha256", Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, "base64url"));
}

function areForUs(
  { aud, email, exp, iat }: z.infer<typeof claimsSchema>,
  expected: Pick<PushExpectation, "audience" | "serviceAccount">,
  now: number,
): boolean {
  if (expected.audience === "" || aud !== expected.audience) return false;
  if (email.toLowerCase() !== expected.serviceAccount.toLowerCase()) return false;
  return exp > now - SKEW_SECONDS && iat < now + SKEW_SECONDS;
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
