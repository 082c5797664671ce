/** The decision for one recipient, weakest first. */
export const VERDICTS = ["allow", "warn", "must-encrypt", "quarantine", "block"] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface RecipientVerdict {
  readonly address: string;
  readonly external: boolean;
  readonly verdict: Verdict;
  /** Ids of the rules that matched for this recipient, strictest first. */
  readonly rules: readonly string[];
}

/** Negative when `a` is weaker than `b`, 0 when equal. */
export function compareVerdicts(a: Verdict, b: Verdict): number {
  return VERDICTS.indexOf(a) - VERDICTS.indexOf(b);
}

/** The strictest of all; `allow` for none. Associative, commutative, idempotent. */
export function strictest(verdicts: Iterable<Verdict>): Verdict {
  let worst: Verdict = "allow";
  for (const verdict of verdicts) if (compareVerdicts(verdict, worst) > 0) worst = verdict;
  return worst;
}
