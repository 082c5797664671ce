import type { ActionKind, ActionState } from "./action.ts";
import type { FindingSummary } from "./finding.ts";
import type { Provider, Stage, Trigger } from "./message.ts";
import type { ProblemCode } from "./part.ts";
import type { EventRecord, QuarantineState, ScanStatus } from "./records.ts";
import type { SealedEvidence } from "./sealed-evidence.ts";
import type { RecipientVerdict, Verdict } from "./verdict.ts";

/** What `EventRecord.body` holds for each kind. Events are kept for years: fields are added, never renamed. */

export interface VerdictBody {
  /** Id of the message's record. */
  readonly messageId: string;
  readonly provider: Provider;
  readonly mailbox: string;
  readonly providerMessageId: string;
  readonly internetMessageId: string | null;
  readonly stage: Stage;
  readonly trigger: Trigger;
  readonly sender: string;
  /** Values found in it are masked. Absent in events of the first release. */
  readonly subject?: string;
  readonly verdict: Verdict;
  readonly status: ScanStatus;
  readonly policyRevision: string;
  /** At most 500; all are counted. */
  readonly recipients: readonly RecipientVerdict[];
  readonly recipientCount: number;
  /** At most 100; all are counted. */
  readonly findings: readonly FindingSummary[];
  readonly findingCount: number;
  readonly problems: readonly { readonly part: string; readonly code: ProblemCode }[];
  readonly monitored: readonly { readonly rule: string; readonly verdict: Verdict }[];
  /** Found values, sealed to the customer's key. */
  readonly evidence?: SealedEvidence;
}

export interface ActionBody {
  readonly messageId: string;
  readonly actionId: string;
  readonly action: ActionKind;
  readonly target: string;
  readonly state: ActionState;
  readonly reason: string | null;
}

export interface QuarantineBody {
  readonly messageId: string;
  readonly quarantineId: string;
  readonly state: QuarantineState;
  readonly by: string;
  readonly reason: string | null;
}

/** An administrator's change; what else it has depends on `change`. */
export interface AuditBody {
  /** Kebab-case, for instance `policy-applied`, `tenant-connected`. */
  readonly change: string;
  readonly by: string;
  readonly resource?: string;
  readonly resourceId?: string;
  readonly [fact: string]: unknown;
}

/** A gap in what is seen or delivered. */
export interface CoverageBody {
  /** For instance `cursor-expired`, `export-loss`. */
  readonly what: string;
  readonly [fact: string]: unknown;
}

interface Bodies {
  readonly verdict: VerdictBody;
  readonly action: ActionBody;
  readonly quarantine: QuarantineBody;
  readonly audit: AuditBody;
  readonly coverage: CoverageBody;
}

/** The body of an event as its kind says; undefined when the event is of another kind. */
export function bodyOf<Kind extends EventRecord["kind"]>(event: EventRecord, kind: Kind): Bodies[Kind] | undefined {
  // The store writes no other body for the kind; see `src/store/event-bodies.ts`.
  return event.kind === kind ? (event.body as unknown as Bodies[Kind]) : undefined;
}
