import type { MaskFilter } from "../core/policy.ts";
import type { ByteView } from "./views/folded.ts";

/** A check that a matched value must pass. Administrators name it by id in the `validator` field of a detector. */
export interface Validator {
  readonly id: string;
  readonly description: string;
  /** Where the algorithm is published. */
  readonly source: string;
  /** Share of random strings of the right shape that pass, measured over 200,000 or more; 1 for a structural check. */
  readonly passRate: number;
  /** `value` is compact: no separators, letters in upper case. */
  check(value: string): boolean;
}

/** One way in which the value is written. */
export interface Shape {
  /**
   * Engine-neutral regular expression over ASCII: no look-around, no back-references, bounded repetitions, at most
   * MAX_SHAPE_LENGTH characters long when matched. Word boundaries are added at both ends. Of several matches that
   * begin at one place the longest counts.
   */
  readonly pattern: string;
  /** Where no word boundary is asked for, because the value begins (with a sign) or ends with something else there. */
  readonly open?: "start" | "end" | "both";
  /** May begin behind an underscore too: the last piece of a name such as `DB_PASSWORD`. */
  readonly inName?: true;
  /** How telling the written form is by itself, 0..1. */
  readonly weight: number;
  /** For `why`, for instance `9 digits with dashes`. */
  readonly note: string;
}

/** Longest match of a shape in bytes: the scan reads no further. Longer values need a `find`. */
export const MAX_SHAPE_LENGTH = 192;

/** Where something was found in a view, end exclusive. */
export interface Match {
  readonly start: number;
  readonly end: number;
  readonly weight: number;
  readonly note: string;
}

/** A detector that ships with Postern: data with its own examples. */
export interface BuiltInDetector {
  readonly id: string;
  readonly description: string;
  /** Where the format and the algorithm are published. */
  readonly source: string;
  /** `folded`: evasion undone, for numbers. `raw`: as written, for keys and tokens. */
  readonly view: "folded" | "raw";
  readonly shapes: readonly Shape[];
  /** Finds what no bounded shape can: linear in the size of the view. */
  readonly find?: (view: ByteView) => Iterable<Match>;
  readonly validator?: Validator;
  /** The value without its writing: equal values have equal canonical forms. Default: letters and digits, upper case. */
  readonly canonical?: (matched: string) => string;
  /** Words that stand near such a value; whole words, lower case. English and the languages of the country. */
  readonly context: readonly string[];
  /**
   * `number`: no finding inside longer numbers, UUIDs, hashes and glued tokens, and less confident in URLs and behind
   * words such as "order". `token`: only what the shape says.
   */
  readonly surroundings: "number" | "token";
  readonly mask: MaskFilter;
  /** Where in the matched text the value begins, for shapes that hold their label. */
  readonly valueAt?: (matched: string) => number;
  /** No finding at all unless a keyword stands close or over the column: the shape is too common. */
  readonly needsLabel?: true;
  /** More different values than this in one part make each of them more telling, by `weight`. */
  readonly bulk?: { readonly moreThan: number; readonly weight: number };
  /** Values published for tests. */
  readonly isTestValue?: (canonical: string) => boolean;
  readonly examples: {
    /** Texts in which it is found with at least medium confidence. */
    readonly positive: readonly string[];
    /** Texts in which it is not found with medium confidence or better. */
    readonly negative: readonly string[];
  };
}

/** Letters and digits only, in upper case. */
export function compact(matched: string): string {
  return matched.replace(/[^0-9A-Za-z]/g, "").toUpperCase();
}
