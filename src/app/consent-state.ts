import { randomBytes } from "node:crypto";
import type { Clock } from "../core/ports.ts";
import type { LeaseStore } from "../core/store.ts";
import { openSignedTokens } from "../http/signed-token.ts";

/** Signing in and accepting takes minutes; a state that lies about longer is an attacker's (threat T-07). */
const LIFETIME_MS = 10 * 60_000;

/** Whose consent was asked for. */
export interface ConsentQuestion {
  /** Postern's id of the tenant. */
  readonly tenant: string;
  /** The directory id that must come back. */
  readonly directory: string;
}

/** The `state` of the admin-consent address: signed, ten minutes long, of use once. */
export interface ConsentStates {
  issue(question: ConsentQuestion): string;
  /** Undefined when it was not made here, was changed, or is too old: nobody learns which. Does not use it up. */
  read(state: string): (ConsentQuestion & { readonly nonce: string }) | undefined;
  /** True for the first who asks, in whatever process. */
  use(nonce: string): Promise<boolean>;
}

/** @param leases where used states are noted until long after their end. */
export function openConsentStates(key: Uint8Array, leases: Pick<LeaseStore, "acquire">, clock: Clock): ConsentStates {
  const options = { purpose: "postern/consent/microsoft", lifetimeMs: LIFETIME_MS };
  const tokens = openSignedTokens<[tenant: string, directory: string, nonce: string]>(key, options, clock);

  return {
    issue: ({ tenant, directory }) =>
      tokens.issue([tenant, directory.toLowerCase(), randomBytes(32).toString("base64url")]),

    read(state) {
      const [tenant, directory, nonce] = tokens.read(state) ?? [];
      return tenant === undefined || directory === undefined || nonce === undefined
        ? undefined
        : { tenant, directory, nonce };
    },

    use(nonce) {
      const now = clock.now();
      const until = new Date(now.getTime() + 2 * LIFETIME_MS);
      // A token of its own each time, so that nobody renews.
      return leases.acquire(`consent/${nonce}`, { token: randomBytes(16).toString("hex"), until }, now);
    },
  };
}
