import type { FindingSummary } from "../core/finding.ts";
import type { MessageHead } from "../core/message.ts";

/** Header in which a sender's client says why a message leaves although a rule objects (`override: justification`). */
export const JUSTIFICATION_HEADER = "x-postern-justification";

/** Characters of a reason; the rest of a longer one says nothing more. */
const MOST = 500;

/** The sender's reason; undefined when none is given. */
export function justificationIn(head: MessageHead | null): string | undefined {
  const value = head?.headers.find(([name]) => name === JUSTIFICATION_HEADER)?.[1].trim();
  return value === undefined || value === "" ? undefined : value.slice(0, MOST);
}

/** As the audit log may keep it: null when a detector found something in it. */
export function auditable(justification: string, findings: readonly FindingSummary[]): string | null {
  return findings.some(({ part }) => part.toLowerCase() === `header:${JUSTIFICATION_HEADER}`) ? null : justification;
}
