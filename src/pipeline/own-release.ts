import type { Finding } from "../core/finding.ts";
import type { ScanJob } from "../core/message.ts";
import type { MessageRecord } from "../core/records.ts";
import type { MessageStore } from "../core/store.ts";
import type { Inspection } from "./inspection.ts";
import { isUnsent } from "./plan.ts";

/** Mails that share a Message-ID within a mailbox: copies of one, hardly ever more than two. */
const SAME_ID_LOOKED_AT = 50;

interface SentCopy {
  readonly internetMessageId: string | null;
  readonly inspection: Pick<Inspection, "tallies" | "problems">;
  readonly recipients: readonly string[];
}

/**
 * True for the sent copy of a message that was held before it left and that a manager released. The provider writes
 * the mail anew when it sends it, with another date, and the sender chooses the Message-ID; so the release covers a mail
 * of that Message-ID that goes to nobody else and in which nothing is found that was not found then.
 */
export async function isOwnRelease(
  { ref, stage, past }: ScanJob,
  copy: SentCopy,
  messages: Pick<MessageStore, "list" | "evidence">,
): Promise<boolean> {
  const { internetMessageId } = copy;
  if (stage !== "sent" || past !== undefined || internetMessageId === null) return false;
  const filter = { tenant: ref.tenantId, mailbox: ref.mailbox, internetMessageId };
  const { items } = await messages.list(filter, { limit: SAME_ID_LOOKED_AT });
  const released = items.filter(wasReleased);
  if (released.length === 0) return false;
  const evidence = await messages.evidence(released.map(({ id }) => id));
  return released.some((record) => covers(record, evidence.get(record.id) ?? [], copy));
}

function wasReleased({ stage, actions }: MessageRecord): boolean {
  return isUnsent(stage) && actions.some(({ kind, state }) => kind === "send-released" && state !== "not-possible");
}

function covers(record: MessageRecord, findings: readonly Finding[], { inspection, recipients }: SentCopy): boolean {
  const addressed = new Set(record.recipients.map(({ address }) => address));
  const found = new Set(findings.map(({ detector, fingerprint }) => `${detector}\n${fingerprint}`));
  const unread = new Set(record.problems.map(({ code }) => code));
  return (
    recipients.every((address) => addressed.has(address)) &&
    inspection.problems.every(({ code }) => unread.has(code)) &&
    inspection.tallies.every(({ detector, fingerprints }) =>
      fingerprints.every((fingerprint) => found.has(`${detector}\n${fingerprint}`)),
    )
  );
}
