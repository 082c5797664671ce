import { createHash } from "node:crypto";
import type { MessageHead } from "../core/message.ts";

/**
 * SHA-256 over what makes a mail this mail: subject, recipients, date, and the hashes of its decoded leaves.
 * Order, boundaries and encodings do not count, because providers write mails anew; Bcc does not either, because only
 * some copies carry it.
 */
export function messageFingerprint(head: MessageHead, leaves: readonly string[]): string {
  const recipients = head.recipients
    .filter(({ field }) => field !== "bcc")
    .map(({ address }) => address)
    .sort(byCodeUnits);
  const time = head.date === null ? Number.NaN : Date.parse(head.date.replace(/\([^)]*\)/g, ""));
  const facts = [
    head.subject.replace(/\s+/g, " ").trim(),
    recipients.join(","),
    Number.isNaN(time) ? (head.date ?? "") : String(time),
    ...[...leaves].sort(byCodeUnits),
  ];
  const hash = createHash("sha256");
  for (const fact of facts) hash.update(`${fact.length}:${fact}\n`);
  return hash.digest("hex");
}

function byCodeUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
