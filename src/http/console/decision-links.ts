import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../core/ports.ts";

/** A manager who was away for a weekend still can use it (threat T-26). */
const LIFETIME_MS = 72 * 3_600_000;
/** The signature says what it is for, so that none made for another purpose fits. */
const PURPOSE = "postern/decision";

/** What a link asks: a decision of one person about one held message. */
export interface DecisionLink {
  /** Id of the quarantined message. */
  readonly item: string;
  /** Address of the person whom the link was sent to. */
  readonly person: string;
}

/** Signed, expiring links to the page where a person decides. That each works once is the quarantine's doing. */
export interface DecisionLinks {
  issue(link: DecisionLink): string;
  /** Undefined when it was not made here, was changed, or is too old: nobody learns which. */
  read(token: string): DecisionLink | undefined;
}

export function openDecisionLinks(key: Uint8Array, clock: Clock): DecisionLinks {
  // Names the key, so that a later one can be told from it.
  const keyId = createHash("sha256").update(key).digest("hex").slice(0, 8);
  const sign = (text: string): Buffer => createHmac("sha256", key).update(`${PURPOSE}\n${keyId}\n${text}`).digest();

  return {
    issue({ item, person }) {
      const until = Math.floor((clock.now().getTime() + LIFETIME_MS) / 1_000);
      const body = Buffer.from(JSON.stringify([item, person.toLowerCase(), until])).toString("base64url");
      return `${keyId}.${body}.${sign(body).toString("base64url")}`;
    },
    read(token) {
      const [id = "", body = "", signature = ""] = token.split(".");
      const given = Buffer.from(signature, "base64url");
      const expected = sign(body);
      const same = timingSafeEqual(given.length === expected.length ? given : Buffer.alloc(expected.length), expected);
      if (!same || id !== keyId || token !== `${id}.${body}.${expected.toString("base64url")}`) return undefined;
      // Signed by us: it has the form that `issue` gave it.
      const [item, person, until] = JSON.parse(Buffer.from(body, "base64url").toString("utf8")) as [
        string,
        string,
        number,
      ];
      return clock.now().getTime() < until * 1_000 ? { item, person } : undefined;
    },
  };
}
