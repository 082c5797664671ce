import type { Confidence, Evidence } from "../core/finding.ts";
import type { MaskFilter } from "../core/policy.ts";

/** One match while its part is being examined; the value is still in the part's text. */
export interface Hit {
  readonly detector: string;
  readonly mask: MaskFilter;
  /** Offsets in the part's original text. */
  readonly start: number;
  readonly end: number;
  readonly score: number;
  readonly confidence: Confidence;
  readonly why: readonly Evidence[];
  /** The value without its writing. Never leaves the engine but as a fingerprint. */
  readonly canonical: string;
  /** An administrator's detector: never given up in favour of another. */
  readonly custom: boolean;
}
