import type { Finding, FindingSummary, Tally } from "../core/finding.ts";
import type { MessageHead } from "../core/message.ts";
import type { AttachmentFact, PartOrigin, Problem } from "../core/part.ts";
import type { Policy } from "../core/policy.ts";
import type { ScanStatus } from "../core/records.ts";

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
}

export interface Inspector {
  inspect(input: InspectionInput, policy: ActivePolicy, signal: AbortSignal): Promise<Inspection>;
  close(): Promise<void>;
}
