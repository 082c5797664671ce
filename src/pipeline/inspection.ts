import type { Finding, FindingSummary, Tally } from "../core/finding.ts";
import type { MessageHead } from "../core/message.ts";
import type { AttachmentFact, PartOrigin, Problem } from "../core/part.ts";
import type { Policy } from "../core/policy.ts";
import type { ScanStatus } from "../core/records.ts";
import type { EvidenceKey, SealedEvidence } from "../core/sealed-evidence.ts";
import type { KnownData } from "../detect/custom/known-data.ts";

/** The bytes to look at and what is known about them beforehand. */
export interface InspectionInput {
  readonly bytes: Uint8Array;
  /** File name of a document by itself; null for a message from a mailbox. */
  readonly name: string | null;
  readonly as: "message" | "file";
  /** Per-tenant key of the fingerprints. */
  readonly key: Uint8Array;
  /** Adds the clear values: command line only. */
  readonly reveal?: boolean;
  /** Found values are sealed to it where they are found; they do not leave the child process in clear. */
  readonly evidenceKey?: EvidenceKey;
}

/** What one look at the bytes found. Holds no clear value, in names and subject neither, but in `revealed`. */
export interface Inspection {
  readonly head: MessageHead | null;
  /** Values found in it are masked. */
  readonly subject: string | null;
  readonly findings: readonly FindingSummary[];
  readonly evidence: readonly Finding[];
  readonly tallies: readonly Tally[];
  readonly problems: readonly Problem[];
  readonly attachments: readonly AttachmentFact[];
  /** Origin of each part path, for rules that look at some parts only. */
  readonly origins: readonly (readonly [path: string, origin: PartOrigin])[];
  readonly fingerprint: string;
  readonly status: ScanStatus;
  readonly sealedEvidence?: SealedEvidence;
  readonly revealed?: readonly {
    readonly detector: string;
    readonly part: string;
    readonly values: readonly string[];
  }[];
}

/** A policy with the revision that records name. */
export interface ActivePolicy {
  readonly policy: Policy;
  readonly revision: string;
  /** The exact data and fingerprints that its detectors name, as far as they are there. */
  readonly known?: { readonly revision: string; readonly data: KnownData };
}

export interface Inspector {
  inspect(input: InspectionInput, policy: ActivePolicy, signal: AbortSignal): Promise<Inspection>;
  close(): Promise<void>;
}
