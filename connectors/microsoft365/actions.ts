import type { ActionKind, ActionOutcome, PlannedAction } from "../../src/core/action.ts";
import { isPosternError } from "../../src/core/errors.ts";
import type { Stage } from "../../src/core/message.ts";
import { labelMessage } from "./actions-label.ts";
import { purgeCopies } from "./actions-purge.ts";
import { quarantineSent } from "./actions-quarantine.ts";
import { recallCopy } from "./actions-recall.ts";
import { restoreCopies } from "./actions-restore.ts";
import { sendAllowed } from "./actions-send-held.ts";
import { holdUnsent, labelUnsent, returnToSender, sendReleased, stampHeaders } from "./actions-unsent.ts";
import { sendNotice } from "./notice.ts";
import type { Room } from "./room.ts";

type Perform = (room: Room, action: PlannedAction, signal: AbortSignal) => Promise<ActionOutcome>;

const UNSENT: Partial<Record<ActionKind, Perform>> = {
  label: labelUnsent,
  "stamp-header": stampHeaders,
  hold: holdUnsent,
  quarantine: holdUnsent,
  "return-to-sender": returnToSender,
  "send-released": sendReleased,
  "send-allowed": sendAllowed,
  restore: restoreCopies,
  purge: purgeCopies,
  notify: sendNotice,
};

/** `encrypt` is nowhere: Graph has no such property, and encrypting by other means sends another message. */
const ACTIONS: Record<Stage, Partial<Record<ActionKind, Perform>>> = {
  sent: {
    label: labelMessage,
    quarantine: quarantineSent,
    recall: recallCopy,
    restore: restoreCopies,
    purge: purgeCopies,
    notify: sendNotice,
  },
  draft: UNSENT,
  outbox: UNSENT,
  compose: { notify: sendNotice },
  file: { notify: sendNotice },
};

/** What this provider can do at a stage. */
export function possibleActions(stage: Stage): ReadonlySet<ActionKind> {
  return new Set(ACTION_NAMES.filter((kind) => ACTIONS[stage][kind] !== undefined));
}

const ACTION_NAMES: readonly ActionKind[] = [...new Set(Object.values(ACTIONS).flatMap(kindsOf))];

function kindsOf(table: Partial<Record<ActionKind, Perform>>): ActionKind[] {
  // Object.keys forgets the type of the keys.
  return Object.keys(table) as ActionKind[];
}

/** Does one action; what cannot be done says why. */
export async function performAction(room: Room, action: PlannedAction, signal: AbortSignal): Promise<ActionOutcome> {
  const perform = ACTIONS[action.stage][action.kind];
  if (perform === undefined) return { state: "not-possible", reason: "not-supported" };
  if (room.settings.mode === "observe") return { state: "not-possible", reason: "observe-mode" };
  try {
    return await perform(room, action, signal);
  } catch (error) {
    if (isPosternError(error, "MAILBOX_UNAVAILABLE")) return { state: "not-possible", reason: "mailbox-unavailable" };
    throw error;
  }
}
