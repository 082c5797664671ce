import type { Clock } from "../../core/ports.ts";
import { openSignedTokens } from "../signed-token.ts";

/** A manager who was away for a weekend still can use it (threat T-26). */
const LIFETIME_MS = 72 * 3_600_000;

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
  const options = { purpose: "postern/decision", lifetimeMs: LIFETIME_MS };
  const tokens = openSignedTokens<[item: string, person: string]>(key, options, clock);
  return {
    issue: ({ item, person }) => tokens.issue([item, person.toLowerCase()]),
    read(token) {
      const [item, person] = tokens.read(token) ?? [];
      return item === undefined || person === undefined ? undefined : { item, person };
    },
  };
}
