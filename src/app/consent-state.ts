import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "../core/ports.ts";
import type { LeaseStore } from "../core/store.ts";

/** Signing in and accepting takes minutes; a state that lies about longer is an attacker's (threat T-07). */
const LIFETIME_MS = 10 * 60_000;
/** The signature says what it is for: no state of another provider or purpose fits. */
const PURPOSE = "postern/consent/microsoft";

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
  const sign = (body: string): Buffer => createHmac("sha256", key).update(`${PURPOSE}\n${body}`).digest();

  return {
    issue({ tenant, directory }) {
      const until = clock.now().getTime() + LIFETIME_MS;
      const nonce = randomBytes(32).toString("base64url");
      const body = Buffer.from(JSON.stringify([tenant, directory.toLowerCase(), nonce, until])).toString("base64url");
      return `${body}.${sign(body).toString("base64url")}`;
    },

    read(state) {
      const [body = ""] = state.split(".", 1);
      const expected = Buffer.from(`${body}.${sign(body).toString("base64url")}`);
      const given = Buffer.from(state);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      // Signed by us: it has the form that `issue` gave it.
      const [tenant, directory, nonce, until] = JSON.parse(Buffer.from(body, "base64url").toString("utf8")) as [
        string,
        string,
        string,
        number,
      ];
      return clock.now().getTime() < until ? { tenant, directory, nonce } : undefined;
    },

    use(nonce) {
      const now = clock.now();
      const until = new Date(now.getTime() + 2 * LIFETIME_MS);
      // A token of its own each time, so that nobody renews.
      return leases.acquire(`consent/${nonce}`, { token: randomBytes(16).toString("hex"), until }, now);
    },
  };
}
