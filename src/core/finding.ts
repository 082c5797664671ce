export type Confidence = "low" | "medium" | "high";
export const CONFIDENCES: readonly Confidence[] = ["low", "medium", "high"];

/** Offsets in UTF-16 units of the part's original text, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One summand of a confidence: what was seen and how much it weighs (-1..1). */
export interface Evidence {
  readonly kind:
    | "format"
    | "checksum"
    | "keyword"
    | "column"
    | "name"
    | "counter-evidence"
    | "test-number"
    | "feedback";
  /** For people, for instance `keyword "iban" 12 characters before`. Never a piece of the matched value. */
  readonly detail: string;
  readonly weight: number;
}

/** A match that may leave memory: masked and fingerprinted; the value itself is never stored. */
export interface Finding {
  readonly detector: string;
  readonly part: string;
  readonly span: Span;
  readonly confidence: Confidence;
  /** 0..1, the sum behind `confidence`. */
  readonly score: number;
  readonly masked: string;
  /** First 16 hex digits of HMAC-SHA256(tenant key, detector and canonical value). */
  readonly fingerprint: string;
  readonly why: readonly Evidence[];
}

/** Exact counts of one detector in one part at one confidence. Distinct values are the distinct fingerprints. */
export interface Tally {
  readonly detector: string;
  readonly part: string;
  readonly confidence: Confidence;
  readonly occurrences: number;
  readonly fingerprints: readonly string[];
  /** Those that stand outside text quoted from earlier in the thread too; absent when that was not told apart. */
  readonly fresh?: readonly string[];
}

/** What detection returns for all parts of one message. */
export interface Detection {
  /** At most 1,000, the most confident first; counts are in `tallies`. */
  readonly findings: readonly Finding[];
  readonly tallies: readonly Tally[];
  /** Clear values by `detector`, `part`; only when the caller asked to reveal them (command line). */
  readonly revealed?: readonly {
    readonly detector: string;
    readonly part: string;
    readonly values: readonly string[];
  }[];
}

/** One line of a report: a detector in a part (contract: `findings` of `scan --json` and of the records). */
export interface FindingSummary {
  readonly detector: string;
  readonly part: string;
  /** Distinct values. */
  readonly count: number;
  readonly occurrences: number;
  readonly confidence: Confidence;
  /** At most ten samples. */
  readonly masked: readonly string[];
}
