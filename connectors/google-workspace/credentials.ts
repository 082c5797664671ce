import { isPosternError, PosternError } from "../../src/core/errors.ts";
import type { Clock } from "../../src/core/ports.ts";
import type { MailboxGuard, Purpose } from "./allowed-mailboxes.ts";
import type { Signer } from "./assertions.ts";
import { GOOGLE_TOKEN_URL } from "./endpoints.ts";
import { readRefusal, toPosternError } from "./failures.ts";
import { exchange } from "./http.ts";
import { tokenAnswerSchema } from "./payloads.ts";
import { type Job, SCOPES } from "./scopes.ts";

/** Whose rights a call uses: a mailbox that is impersonated, or null for the service account itself (Pub/Sub). */
export type Subject = { readonly mailbox: string; readonly purpose: Purpose } | null;

export interface Tokens {
  /**
   * An access token for one job, with the least scope that was granted.
   * @throws PosternError PROVIDER_FORBIDDEN outside the allow-list (no request is made), PROVIDER_UNAUTHORIZED when no
   * scope of the job was granted or the key is refused, MAILBOX_UNAVAILABLE for an unknown or suspended user.
   */
  get(subject: Subject, job: Job, signal: AbortSignal): Promise<string>;
  /** Drops a token that Google refused. */
  forget(token: string): void;
}

interface HeldToken {
  readonly value: string;
  readonly until: number;
}

/** Assertions may live an hour at most; the token follows. */
const LIFETIME_SECONDS = 3_600;
/** Renewed so long before the end, so that no call is under way with a token that ends. */
const MARGIN_MS = 5 * 60_000;
/** For so long a scope that was refused is asked last: a new grant may take effect at any time. */
const REFUSED_MS = 5 * 60_000;

const GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** `clock` must be the true time: Google compares `iat` with its own. */
export function openTokens(deps: {
  readonly signer: Signer;
  readonly tokenUrl: string;
  readonly guard: MailboxGuard;
  readonly clock: Clock;
}): Tokens {
  const { signer, tokenUrl, guard, clock } = deps;
  const held = new Map<string, HeldToken>();
  const underWay = new Map<string, Promise<HeldToken>>();
  const refusedUntil = new Map<string, number>();

  return {
    async get(subject, job, signal) {
      if (subject !== null) await guard(subject.mailbox, subject.purpose);
      for (const scope of likelyFirst(SCOPES[job])) {
        const token = await granted(subject?.mailbox, scope, signal);
        if (token !== undefined) return token;
      }
      throw new PosternError("PROVIDER_UNAUTHORIZED", "The delegation does not include a scope for this job", {
        details: { reason: "unauthorized_client", scope: SCOPES[job][0] },
      });
    },
    forget(token) {
      for (const [key, one] of held) if (one.value === token) held.delete(key);
    },
  };

  function likelyFirst(scopes: readonly string[]): readonly string[] {
    const now = clock.now().getTime();
    const isRefused = (scope: string) => (refusedUntil.get(scope) ?? 0) > now;
    return [...scopes.filter((scope) => !isRefused(scope)), ...scopes.filter(isRefused)];
  }

  /** Undefined when this scope is not part of the delegation. */
  async function granted(mailbox: string | undefined, scope: string, signal: AbortSignal): Promise<string | undefined> {
    try {
      const token = await cached(mailbox, scope, signal);
      refusedUntil.delete(scope);
      return token;
    } catch (error) {
      if (!isScopeRefusal(error)) throw error;
      refusedUntil.set(scope, clock.now().getTime() + REFUSED_MS);
      return undefined;
    }
  }

  /** One request however many calls wait for the same token. */
  async function cached(mailbox: string | undefined, scope: string, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    const key = `${scope} ${mailbox ?? ""}`;
    const known = held.get(key);
    if (known !== undefined && known.until > clock.now().getTime()) return known.value;
    let waiting = underWay.get(key);
    if (waiting === undefined) {
      waiting = mint(mailbox, scope)
        .then((token) => {
          held.set(key, token);
          return token;
        })
        .finally(() => underWay.delete(key));
      underWay.set(key, waiting);
    }
    return (await unlessAborted(waiting, signal)).value;
  }

  /** Not bound to one caller's signal: others may wait for the same token. */
  async function mint(mailbox: string | undefined, scope: string): Promise<HeldToken> {
    const never = new AbortController().signal;
    try {
      return await ask(mailbox, scope, GOOGLE_TOKEN_URL, never);
    } catch (error) {
      if (!isPosternError(error) || error.details.reason !== "invalid_grant") throw error;
      // Consent is called lost only after a second try; a private token endpoint may want to be named itself.
      return ask(mailbox, scope, tokenUrl, never);
    }
  }

  async function ask(mailbox: string | undefined, scope: string, aud: string, signal: AbortSignal): Promise<HeldToken> {
    const now = clock.now();
    const iat = Math.floor(now.getTime() / 1_000);
    const claims = { iss: signer.serviceAccount, scope, aud, iat, exp: iat + LIFETIME_SECONDS };
    const assertion = await signer.sign(mailbox === undefined ? claims : { ...claims, sub: mailbox }, signal);
    const answer = await exchange(
      tokenUrl,
      {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ grant_type: GRANT_TYPE, assertion }).toString(),
      },
      signal,
    );
    const token = tokenAnswerSchema.safeParse(answer.body);
    if (answer.status !== 200 || !token.success) throw toPosternError(readRefusal("token", answer, now));
    const lifetime = token.data.expires_in * 1_000;
    return {
      value: token.data.access_token,
      // A short-lived token is still used for half of its life.
      until: now.getTime() + Math.max(lifetime - MARGIN_MS, lifetime / 2),
    };
  }
}

function isScopeRefusal(error: unknown): boolean {
  if (!isPosternError(error) || error.details.call !== "token") return false;
  return error.details.reason === "unauthorized_client" || error.details.reason === "invalid_scope";
}

async function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener("abort", stop);
  }
}
