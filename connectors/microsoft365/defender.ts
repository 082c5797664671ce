import type { ActionOutcome, PlannedAction } from "../../src/core/action.ts";
import { notThere } from "./copies.ts";
import { quoted } from "./paths.ts";
import { analyzedEmail } from "./payloads.ts";
import type { Room } from "./room.ts";

const LANE = "defender";
const EMAILS = "/security/collaboration/analyzedEmails";

/**
 * Asks Defender for Office 365 (Plan 2) to take one recipient's copy away, into the recoverable items: the way where the
 * mailbox itself may not be changed. learn.microsoft.com/graph/api/security-analyzedemail-remediate answers 202 and tells
 * nothing more, so the order is on record as what it is: given, and not seen to be done.
 */
export async function remediateCopy(room: Room, action: PlannedAction, signal: AbortSignal): Promise<ActionOutcome> {
  const { internetMessageId, target } = action;
  if (internetMessageId === null) return { state: "not-possible", reason: "no-message-id" };
  const emails = await find(room, internetMessageId, target, signal);
  const mine = await fromSender(room, action, emails);
  // Defender learns of a mail minutes after its delivery.
  if (mine.length === 0) return notThere(action);
  const body = {
    displayName: "Postern",
    description: `Recall ${action.id}`,
    severity: "high",
    action: "softDelete",
    remediateSendersCopy: false,
    analyzedEmails: mine.map(({ networkMessageId }) => ({ networkMessageId, recipientEmailAddress: target })),
  };
  await room.graph.send({ name: "remediate", method: "POST", path: `${EMAILS}/remediate`, body, lane: LANE }, signal);
  return { state: "failed", reason: "ordered-not-confirmed" };
}

type Email = ReturnType<typeof analyzedEmail.parse>;

async function find(room: Room, id: string, recipient: string, signal: AbortSignal): Promise<readonly Email[]> {
  const query = {
    $filter: `internetMessageId eq ${quoted(id)} and recipientEmailAddress eq ${quoted(recipient)}`,
    $top: "50",
  };
  const found: Email[] = [];
  for await (const page of room.graph.pages(
    { name: "find-analyzed", path: EMAILS, query, lane: LANE },
    analyzedEmail,
    signal,
  ))
    found.push(...page.items);
  return found;
}

/** Whoever sends chooses the Message-ID, and must not make us take a stranger's mail away. */
async function fromSender(room: Room, { ref }: PlannedAction, emails: readonly Email[]): Promise<readonly Email[]> {
  const owner = await room.lookup(ref.mailbox);
  const authors = new Set([ref.mailbox, ...(owner?.aliases ?? [])]);
  return emails.filter(({ senderDetail }) => {
    const from = senderDetail?.fromAddress?.toLowerCase();
    return from === undefined || authors.has(from);
  });
}
