import type { FindingSummary } from "../core/finding.ts";
import type { Stage } from "../core/message.ts";
import type { Problem } from "../core/part.ts";
import type { ScanStatus } from "../core/records.ts";
import type { RecipientVerdict, Verdict } from "../core/verdict.ts";
import { evaluate } from "../policy/evaluate.ts";
import type { ActivePolicy, Inspector } from "./inspection.ts";
import { justificationIn } from "./justification.ts";
import { isEncrypted } from "./scan.ts";

/** The object of `postern scan --json` and `POST /api/v1/scan`. */
export interface ScanReport {
  readonly message: {
    readonly source: string;
    readonly messageId: string | null;
    readonly subject: string | null;
    readonly from: string | null;
    readonly recipients: readonly string[];
  };
  readonly verdict: Verdict;
  readonly recipients: readonly RecipientVerdict[];
  readonly findings: readonly (FindingSummary & { readonly values?: readonly string[] })[];
  readonly problems: readonly Problem[];
  readonly status: ScanStatus;
  /** Rules that the sender's justification lifted. */
  readonly overridden: readonly string[];
}

export interface Judged {
  readonly source: string;
  readonly bytes: Uint8Array;
  /** File name of a document by itself; null for a message. */
  readonly name: string | null;
  readonly as: "message" | "file";
  readonly stage: Stage;
  readonly key: Uint8Array;
  readonly reveal?: boolean;
}

/** Inspects and decides without a mailbox: the command line's files, the add-in's drafts. Acts on nothing. */
export async function judge(
  input: Judged,
  policy: ActivePolicy,
  inspector: Inspector,
  signal: AbortSignal,
): Promise<ScanReport> {
  const { bytes, name, as, key, reveal } = input;
  const inspection = await inspector.inspect({ bytes, name, as, key, ...(reveal ? { reveal } : {}) }, policy, signal);
  const head = inspection.head;
  const recipients = [...new Set((head?.recipients ?? []).map((recipient) => recipient.address))];
  const sender = head?.from ?? "";
  const justification = justificationIn(head);
  const evaluation = evaluate(
    policy.policy,
    {
      sender,
      stage: input.stage,
      recipients,
      internalDomains: internalDomains(policy, sender),
      groups: new Map(),
      bytes: bytes.byteLength,
      attachments: inspection.attachments,
      problems: inspection.problems,
      partOrigins: new Map(inspection.origins),
      encrypted: isEncrypted(head),
      ...(justification === undefined ? {} : { justification }),
    },
    inspection.tallies,
  );
  return {
    message: {
      source: input.source,
      messageId: head?.internetMessageId ?? null,
      subject: inspection.subject,
      from: head?.from ?? null,
      recipients,
    },
    verdict: evaluation.verdict,
    recipients: evaluation.recipients,
    findings: inspection.findings.map((finding) => ({ ...finding, ...revealedValues(finding, inspection.revealed) })),
    problems: inspection.problems,
    status: inspection.status,
    overridden: evaluation.overridden,
  };
}

/** Without `internalDomains` in the policy the sender's own domain is the internal one. */
function internalDomains({ policy }: ActivePolicy, sender: string): ReadonlySet<string> {
  if (policy.internalDomains.length > 0) return new Set(policy.internalDomains);
  const domain = sender.slice(sender.lastIndexOf("@") + 1);
  return new Set(domain === "" ? [] : [domain]);
}

function revealedValues(
  finding: FindingSummary,
  revealed:
    | readonly { readonly detector: string; readonly part: string; readonly values: readonly string[] }[]
    | undefined,
): { readonly values?: readonly string[] } {
  const entry = revealed?.find(
    (candidate) => candidate.detector === finding.detector && candidate.part === finding.part,
  );
  return entry ? { values: entry.values } : {};
}
