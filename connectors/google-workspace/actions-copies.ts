import type { ActionOutcome, CopyLocation, PlannedAction } from "../../src/core/action.ts";
import { isPosternError } from "../../src/core/errors.ts";
import { keepEvidence } from "./actions-insert.ts";
import { type Copy, compareNewest, searchCopies } from "./find-copies.ts";
import type { Gmail } from "./gmail-mailbox.ts";
import { stillMissing } from "./missing-copy.ts";

/**
 * Takes the sender's copy out of reach: into the trash, from where `restore` brings it back.
 * @param evidence gets a copy before; undefined where none is wanted.
 */
export async function quarantineCopy(
  gmail: Gmail,
  action: PlannedAction,
  evidence: Gmail | undefined,
): Promise<ActionOutcome> {
  const copies = await sendersCopies(gmail, action);
  const [first] = copies;
  if (first === undefined) return stillMissing(action.attempts);
  if (evidence !== undefined) await keepEvidence(gmail, evidence, action, first.id);
  return { state: "done", reason: null, copies: await takeEach(gmail, copies, action.attempts) };
}

/**
 * The sender's copy by its id or, when the id is gone, by its Message-ID among the sent mail.
 * Empty when there is none.
 */
export async function sendersCopies(gmail: Gmail, action: PlannedAction): Promise<readonly Copy[]> {
  try {
    const { id, labelIds } = await gmail.minimal(action.ref.messageId);
    return [{ id, labels: labelIds }];
  } catch (error) {
    if (!isPosternError(error, "MESSAGE_NOT_FOUND")) throw error;
  }
  if (action.internetMessageId === null) return [];
  return (await searchCopies(gmail, action.internetMessageId)).filter(isOwnSent);
}

/**
 * Takes an internal recipient's copies away. What the recipient sent is not touched, except where the recipient is the
 * sender: then both labels stand on one message.
 * @param tombstone leaves a message in their place; undefined where none is wanted.
 */
export async function recallCopies(
  gmail: Gmail,
  action: PlannedAction,
  tombstone: (() => Promise<CopyLocation | undefined>) | undefined,
): Promise<ActionOutcome> {
  if (gmail.address === action.ref.mailbox) return quarantineCopy(gmail, action, undefined);
  if (action.internetMessageId === null) return { state: "not-possible", reason: "no-message-id" };
  let found = await searchCopies(gmail, action.internetMessageId);
  if (found.length === 0 && action.attempts > 0) {
    found = await compareNewest(gmail, "INBOX", action.internetMessageId);
  }
  if (found.length === 0) return stillMissing(action.attempts);
  const received = found.filter((copy) => !isOwnSent(copy));
  if (received.length === 0) return { state: "not-possible", reason: "own-sent-copy" };
  const taken = await takeEach(gmail, received, action.attempts);
  // What its owner had thrown away is not missed.
  const isMissed = taken.some(({ origin }) => !origin.split(",").includes("TRASH"));
  const stone = isMissed ? await tombstone?.() : undefined;
  return { state: "done", reason: null, copies: stone === undefined ? taken : [...taken, stone] };
}

function isOwnSent({ labels }: Copy): boolean {
  return labels.includes("SENT");
}

async function takeEach(gmail: Gmail, copies: readonly Copy[], attempts: number): Promise<readonly CopyLocation[]> {
  const taken: CopyLocation[] = [];
  for (const copy of copies) {
    if (!copy.labels.includes("TRASH")) await gmail.trash(copy.id);
    taken.push({ mailbox: gmail.address, messageId: copy.id, origin: originOf(copy.labels, attempts).join(",") });
  }
  return taken;
}

/**
 * The labels before the change. A copy in the trash at the first attempt was put there by its owner, and stays there on
 * restore; at a later one it was our own attempt whose answer was lost, which took INBOX away with it.
 */
export function originOf(labels: readonly string[], attempts: number): readonly string[] {
  if (!labels.includes("TRASH") || attempts === 0) return labels;
  const before = labels.filter((label) => label !== "TRASH");
  const wasReceived = !before.includes("SENT") && !before.includes("SPAM") && !before.includes("INBOX");
  return wasReceived ? [...before, "INBOX"] : before;
}
