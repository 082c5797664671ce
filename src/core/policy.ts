import type { Confidence } from "./finding.ts";
import type { Stage } from "./message.ts";
import type { PartOrigin, ProblemCode } from "./part.ts";
import type { Verdict } from "./verdict.ts";

/**
 * The policy document after loading: every default filled in, every reference resolved.
 * Its written form (YAML or JSON) is in docs/policies.md; `src/policy/schema.ts` reads it into this.
 */
export interface Policy {
  readonly version: 1;
  /** Lower case. A connected tenant's verified domains are added by the service. */
  readonly internalDomains: readonly string[];
  readonly detectors: readonly DetectorDefinition[];
  readonly groups: readonly { readonly id: string; readonly detectors: readonly string[] }[];
  readonly rules: readonly Rule[];
  readonly scopes: readonly Scope[];
  /** Words left out before matching; `default` = the 100 commonest English words. */
  readonly skipList: "default" | readonly string[];
  readonly testNumbers: "report" | "lower" | "ignore";
}

export type MaskFilter = "full" | "keep-last-4" | "none";

/** An administrator's detector. Exactly one of `pattern`, `words`, `dictionary`, `exactData`, `fingerprint` is set. */
export interface DetectorDefinition {
  readonly id: string;
  readonly description: string;
  /** RE2 syntax. */
  readonly pattern?: string;
  readonly words?: readonly string[];
  /** Entries of the file that the policy names: one word or phrase a line. */
  readonly dictionary?: readonly string[];
  /** The path that `dictionary` was read from, as written. */
  readonly dictionaryFile?: string;
  readonly exactData?: string;
  readonly fingerprint?: string;
  /** Id of a validator of the detection engine's registry. */
  readonly validator?: string;
  readonly near?: { readonly words: readonly string[]; readonly within: number; readonly raises: Confidence };
  /** Values or RE2 patterns that are no finding. */
  readonly exclude: readonly string[];
  readonly mask: MaskFilter;
  /** Which view of the text the pattern sees. */
  readonly text: "normalised" | "raw";
}

export interface DetectorCondition {
  /** Ids of detectors; a group is resolved into its members. Counted together. */
  readonly detectors: readonly string[];
  /** Name of the group when the condition named one, for explanations. */
  readonly group?: string;
  /** Matches when more than so many findings count. */
  readonly threshold: number;
  readonly confidence: Confidence;
  readonly count: "distinct" | "all" | "new";
}

export interface RecipientCondition {
  readonly are: "external" | "internal" | "any";
  /** Empty: every domain. A domain includes its sub-domains when written `*.example.com`. */
  readonly domains: readonly string[];
  readonly exceptDomains: readonly string[];
}

export interface PartCondition {
  readonly origins: readonly PartOrigin[];
  /** Media types or file-name globs of attachments; empty: all. */
  readonly attachments: readonly string[];
}

export interface RuleCondition {
  readonly match: "any" | "all";
  readonly detectors: readonly DetectorCondition[];
  readonly recipients: RecipientCondition;
  readonly parts: PartCondition;
  readonly stages: readonly Stage[];
  /** The message has a part with one of these problems. Empty: not asked. */
  readonly problems: readonly ProblemCode[];
  readonly encrypted?: boolean;
  readonly hasAttachment?: boolean;
  /** Size of the whole message in bytes: more than. */
  readonly largerThan?: number;
  /** Addresses or domains of senders; empty: everybody. */
  readonly senders: readonly string[];
}

export interface Rule {
  readonly id: string;
  readonly description: string;
  readonly when: RuleCondition;
  readonly except: { readonly senders: readonly string[]; readonly recipients: readonly string[] };
  readonly action: Exclude<Verdict, "allow">;
  readonly delayEvaluation: boolean;
  readonly split: boolean;
  readonly override: "never" | "justification";
  readonly severity: "low" | "medium" | "high" | "critical";
  readonly monitor: boolean;
  /** Text for the sender by language code. */
  readonly tell: Readonly<Record<string, string>>;
}

export interface Scope {
  /** `global`, `domain:example.com` or `user:ann@example.com`, lower case. */
  readonly name: string;
  /** Undefined inherits; an empty list selects nothing. */
  readonly rules?: readonly string[];
  readonly settings: Partial<Settings>;
}

export const NOTICE_OCCASIONS = ["warning", "quarantine", "block", "error", "release", "delete", "expire"] as const;
export type NoticeOccasion = (typeof NOTICE_OCCASIONS)[number];
export type NoticeAudience = "originator" | "managers";

/** Every setting, by the name that users write. */
export type Settings = {
  readonly "dlp.enabled": boolean;
  /** Addresses, and the word `manager-of-sender`. */
  readonly "dlp.managers": readonly string[];
  /** Told instead of `manager-of-sender` when the directory knows none. */
  readonly "dlp.manager-fallback": readonly string[];
  readonly "notify.digest-after": number;
  readonly "guard.max-actions-per-hour": number;
  readonly "quarantine.on-error": boolean;
  readonly "quarantine.on-failed-encryption": boolean;
  readonly "quarantine.expire-after-days": number;
  /** Whoever releases or deletes must say why. */
  readonly "quarantine.require-reason": boolean;
} & { readonly [Key in `notify.${NoticeOccasion}.${NoticeAudience}`]: boolean };

/** A setting's effective value and the scope that it comes from (`default` when no scope has one). */
export interface EffectiveSetting {
  readonly value: Settings[keyof Settings];
  readonly origin: string;
}
