import type { ActionKind, ActionState, CopyLocation } from "./action.ts";
import type { Finding, FindingSummary } from "./finding.ts";
import type { MessageRef, PastScan, Stage, Trigger } from "./message.ts";
import type { Problem } from "./part.ts";
import type { SealedEvidence } from "./sealed-evidence.ts";
import type { RecipientVerdict, Verdict } from "./verdict.ts";

export type ScanStatus = "complete" | "partial" | "failed";

/** The lasting record of one scanned message (contract: `/api/v1/messages`, `/api/v1/incidents`). */
export interface MessageRecord {
  readonly id: string;
  readonly ref: MessageRef;
  readonly stage: Stage;
  readonly trigger: Trigger;
  readonly internetMessageId: string | null;
  readonly sender: string;
  /** Values found in it are masked. */
  readonly subject: string;
  readonly scannedAt: Date;
  readonly verdict: Verdict;
  readonly status: ScanStatus;
  readonly policyRevision: string;
  readonly recipients: readonly RecipientVerdict[];
  readonly findings: readonly FindingSummary[];
  readonly problems: readonly Problem[];
  /** Rules in monitor mode and what they would have decided. */
  readonly monitored: readonly { readonly rule: string; readonly verdict: Verdict }[];
  readonly actions: readonly ActionRecord[];
}

export interface ActionRecord {
  readonly id: string;
  readonly kind: ActionKind;
  readonly target: string;
  readonly state: ActionState;
  readonly reason: string | null;
  readonly attempts: number;
  /** When the state was last set. */
  readonly at: Date;
}

/** An action with all that is needed to do it. */
export interface StoredAction extends ActionRecord {
  readonly messageId: string;
  readonly copies: readonly CopyLocation[];
  /** Order within the message: lower first, equal in any order. */
  readonly step: number;
  /** Parameters that are not derived from the message: label, notice occasion, ... Free of content. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** An action to be recorded with the verdict. `state` is `not-possible` when it is clear beforehand. */
export interface NewAction {
  readonly id: string;
  readonly kind: ActionKind;
  readonly target: string;
  readonly step: number;
  readonly state: "planned" | "not-possible";
  readonly reason: string | null;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Everything that one scan leaves behind; written in one transaction. */
export interface NewScan {
  readonly record: Omit<MessageRecord, "id" | "actions">;
  /** Identity of the mail within mailbox and stage (reliability rule 2); decides races by a unique constraint. */
  readonly identity: string;
  /** Kept for re-evaluation by the simulator; at most 1,000, masked. */
  readonly evidence: readonly Finding[];
  /** For the event, where the customer gave a key. */
  readonly sealedEvidence?: SealedEvidence;
  readonly actions: readonly NewAction[];
  /** Key of the sealed copy in the vault and its SHA-256; set when the verdict quarantines. */
  readonly quarantine: NewQuarantineItem | null;
  /** Rules that the sender's reason lifted; null when a detector found something in the reason itself. */
  readonly overridden?: { readonly rules: readonly string[]; readonly justification: string | null };
  /** Set for past mail. */
  readonly past?: PastScan;
}

export type QuarantineState = "held" | "released" | "deleted" | "expired";

export interface NewQuarantineItem {
  readonly vaultKey: string;
  readonly sha256: string;
  readonly expiresAt: Date;
  /** Blocked: can be deleted and expires, cannot be released. */
  readonly final: boolean;
}

export interface QuarantineTransition {
  readonly state: QuarantineState;
  /** Person or `system`. */
  readonly by: string;
  readonly at: Date;
  readonly reason: string | null;
}

export interface QuarantineItem extends NewQuarantineItem {
  readonly id: string;
  readonly tenantId: string;
  /** Id of the message record. */
  readonly incident: string;
  readonly state: QuarantineState;
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly history: readonly QuarantineTransition[];
}

/** What a SIEM reads later; `id` never changes, `sequence` counts up without gaps within a tenant. */
export interface EventRecord {
  readonly id: string;
  readonly tenantId: string;
  readonly sequence: number;
  readonly at: Date;
  readonly kind: "verdict" | "action" | "quarantine" | "audit" | "coverage";
  readonly body: Readonly<Record<string, unknown>>;
  /** SHA-256 (hex) over the hash before it in the tenant and this event: a change to any earlier event shows. */
  readonly hash: string;
}
