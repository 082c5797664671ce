import { createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import { PosternError } from "../../src/core/errors.ts";
import type { Clock } from "../../src/core/ports.ts";
import { resolveEndpoints } from "./endpoints.ts";
import { exchange } from "./http.ts";
import { certificatesSchema } from "./payloads.ts";

/** Google's public keys for the tokens of pushed notifications. */
export interface SigningKeys {
  /** The time that a token's dates are compared with. */
  readonly clock: Clock;
  /**
   * The RSA key with this id, undefined when Google has none.
   * @throws PosternError PROVIDER_UNAVAILABLE when keys cannot be read and those in hand are too old.
   */
  find(kid: string, signal: AbortSignal): Promise<KeyObject | undefined>;
}

/** An unknown key id causes at most one reading in this time, so that forged tokens cannot make us hammer Google. */
const REFRESH_MS = 60_000;
/** Keys are read again after this time, or when the answer's max-age ends sooner. */
const FRESH_MS = 3_600_000;
/** While the keys' address does not answer, those in hand serve so long. */
const STALE_MS = 6 * 3_600_000;

/**
 * Keys are read at the first need and kept in memory. `certsUrl` serves a JWK set or a map of certificates; with a host
 * alone the customary path is added, without anything it is Google's. `clock` must be the true time.
 * @throws PosternError CONFIG_INVALID for an address that is neither https nor on loopback.
 */
export function openSigningKeys(deps: { readonly certsUrl?: string | undefined; readonly clock: Clock }): SigningKeys {
  const { clock } = deps;
  const { certsUrl } = resolveEndpoints({ certsUrl: deps.certsUrl });
  let keys: ReadonlyMap<string, KeyObject> = new Map();
  let readAt = Number.NEGATIVE_INFINITY;
  let freshUntil = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let underWay: Promise<void> | undefined;

  return {
    clock,
    async find(kid, signal) {
      const now = clock.now().getTime();
      const mayRead = Math.abs(now - triedAt) >= REFRESH_MS;
      if ((now >= freshUntil || !keys.has(kid)) && (mayRead || underWay !== undefined)) {
        underWay ??= refresh(now, signal).finally(() => {
          underWay = undefined;
        });
        await underWay;
      }
      if (now - readAt > STALE_MS) {
        throw new PosternError("PROVIDER_UNAVAILABLE", "Google's signing keys cannot be read", {
          details: { reason: "no-keys" },
        });
      }
      return keys.get(kid);
    },
  };

  async function refresh(now: number, signal: AbortSignal): Promise<void> {
    triedAt = now;
    try {
      const answer = await exchange(certsUrl, { method: "GET" }, signal);
      const read = answer.status === 200 ? parseKeys(answer.body) : undefined;
      if (read === undefined) return;
      keys = read;
      readAt = now;
      freshUntil = now + Math.min(FRESH_MS, Math.max(answer.maxAgeSeconds ?? 3_600, 60) * 1_000);
    } catch {
      // The keys in hand go on serving; `find` says when they are too old.
    }
  }
}

function parseKeys(body: unknown): ReadonlyMap<string, KeyObject> | undefined {
  const parsed = certificatesSchema.safeParse(body);
  if (!parsed.success) return undefined;
  const { data } = parsed;
  if (isJwkSet(data)) {
    return new Map(
      data.keys.map(({ kid, kty, n, e }) => [kid, createPublicKey({ key: { kty, n, e }, format: "jwk" })]),
    );
  }
  return new Map(Object.entries(data).map(([kid, pem]) => [kid, new X509Certificate(pem).publicKey]));
}

type Certificates = ReturnType<typeof certificatesSchema.parse>;

function isJwkSet(data: Certificates): data is Extract<Certificates, { readonly keys: readonly object[] }> {
  return Array.isArray(data.keys);
}
