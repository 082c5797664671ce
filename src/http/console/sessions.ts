import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../../core/ports.ts";

const MINUTE_MS = 60_000;
/** OWASP ASVS 7.3: signed out after so long without a request, and after so long in any case. */
const IDLE_MS = 30 * MINUTE_MS;
const ABSOLUTE_MS = 8 * 60 * MINUTE_MS;
const LINK_MS = 60 * MINUTE_MS;

interface Session {
  readonly who: string;
  readonly endsAt: number;
  usedAt: number;
  /** Sent with each form of this session. */
  readonly formToken: string;
}

/** Who is signed in to the console of this process. Ids and links are kept as digests only. */
export interface Sessions {
  /** A secret that signs in once; printed by `serve` in embedded mode and by `demo`. */
  issueLink(): string;
  redeemLink(secret: string): string | undefined;
  begin(who: string): string;
  find(id: string | undefined): { readonly who: string; readonly formToken: string } | undefined;
  end(id: string): void;
}

export function openSessions(clock: Clock): Sessions {
  const sessions = new Map<string, Session>();
  const links = new Map<string, number>();
  const now = (): number => clock.now().getTime();

  function begin(who: string): string {
    const id = secret();
    sessions.set(digest(id), { who, endsAt: now() + ABSOLUTE_MS, usedAt: now(), formToken: secret() });
    return id;
  }

  return {
    issueLink() {
      const link = secret();
      links.set(digest(link), now() + LINK_MS);
      return link;
    },
    redeemLink(link) {
      const key = digest(link);
      const until = links.get(key);
      links.delete(key);
      return until !== undefined && until > now() ? begin("administrator") : undefined;
    },
    begin,
    find(id) {
      if (id === undefined) return undefined;
      const key = digest(id);
      const session = sessions.get(key);
      if (!session) return undefined;
      if (session.endsAt <= now() || session.usedAt + IDLE_MS <= now()) {
        sessions.delete(key);
        return undefined;
      }
      session.usedAt = now();
      return session;
    },
    end(id) {
      sessions.delete(digest(id));
    },
  };
}

/** 256 random bits. */
function secret(): string {
  return randomBytes(32).toString("base64url");
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
