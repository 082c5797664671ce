import type { ActionKind, ActionOutcome, PlannedAction } from "../../src/core/action.ts";
import { isPosternError } from "../../src/core/errors.ts";
import type { Stage } from "../../src/core/message.ts";
import type { Clock } from "../../src/core/ports.ts";
import type { DirectoryMailbox, GoogleTenantSettings } from "../../src/core/tenant.ts";
import { quarantineCopy, recallCopies } from "./actions-copies.ts";
import { leaveTombstone } from "./actions-insert.ts";
import { type KnownLabels, labelCopy } from "./actions-label.ts";
import { sendNotice } from "./actions-notify.ts";
import { purgeCopies, restoreCopies } from "./actions-restore.ts";
import { noticeMailbox, type Purpose } from "./allowed-mailboxes.ts";
import type { Gmail } from "./gmail-mailbox.ts";

const AFTER_SENDING: ReadonlySet<ActionKind> = new Set(["label", "quarantine", "recall", "restore", "purge", "notify"]);
/**
 * A draft takes no label, deleting one destroys it, and changing it races with the editor that autosaves it: before
 * sending, the Gmail API allows nothing but telling people.
 */
const BEFORE_SENDING: ReadonlySet<ActionKind> = new Set(["notify"]);

export function possibleActions(stage: Stage): ReadonlySet<ActionKind> {
  return stage === "sent" ? AFTER_SENDING : BEFORE_SENDING;
}

export interface ActionDeps {
  readonly settings: GoogleTenantSettings;
  readonly lookup: (address: string) => Promise<DirectoryMailbox | undefined>;
  readonly clock: Clock;
  readonly labels: KnownLabels;
  readonly open: (mailbox: string, purpose: Purpose) => Gmail;
}

/** Does one action, or says why it cannot be done here. */
export async function performAction(action: PlannedAction, deps: ActionDeps): Promise<ActionOutcome> {
  if (deps.settings.mode === "observe") return { state: "not-possible", reason: "observe-mode" };
  if (!possibleActions(action.stage).has(action.kind)) {
    const isTooEarly = AFTER_SENDING.has(action.kind);
    return { state: "not-possible", reason: isTooEarly ? "not-possible-before-sending" : "not-supported" };
  }
  try {
    return await perform(action, deps);
  } catch (error) {
    // Suspended or without Gmail: waiting brings nothing back, and nothing in it can be reached.
    if (!isPosternError(error, "MAILBOX_UNAVAILABLE")) throw error;
    return { state: "not-possible", reason: "mailbox-unavailable" };
  }
}

async function perform(action: PlannedAction, deps: ActionDeps): Promise<ActionOutcome> {
  const openCopies = (mailbox: string) => deps.open(mailbox, "copies");
  switch (action.kind) {
    case "label":
      return await labelCopy(openCopies(action.ref.mailbox), action, deps.labels);
    case "quarantine":
      return await quarantineCopy(openCopies(action.ref.mailbox), action, evidenceBox(deps));
    case "recall":
      return await recall(action, deps);
    case "restore":
      return await restoreCopies(openCopies, action);
    case "purge":
      return await purgeCopies(openCopies, action);
    case "notify":
      return await notify(action, deps);
    default:
      return { state: "not-possible", reason: "not-supported" };
  }
}

function evidenceBox({ settings, open }: ActionDeps): Gmail | undefined {
  const address = settings.capabilities?.evidenceMailbox;
  return address === undefined ? undefined : open(address.toLowerCase(), "copies");
}

async function recall(action: PlannedAction, deps: ActionDeps): Promise<ActionOutcome> {
  const { settings, lookup, clock, open } = deps;
  const recipient = await lookup(action.target);
  if (recipient === undefined) return { state: "not-possible", reason: "mailbox-not-found" };
  if (!recipient.usable) return { state: "not-possible", reason: "mailbox-unavailable" };
  const gmail = open(recipient.address, "copies");
  const { language } = recipient;
  const tombstone = () => leaveTombstone(gmail, action, { clock, language });
  return await recallCopies(gmail, action, settings.capabilities?.tombstone === true ? tombstone : undefined);
}

async function notify(action: PlannedAction, { settings, lookup, clock, open }: ActionDeps): Promise<ActionOutcome> {
  const addressee = await lookup(action.notice?.to ?? action.target);
  const boxes = {
    sender: open(action.notice?.from?.toLowerCase() ?? noticeMailbox(settings), "notices"),
    addressee: addressee?.usable === true ? open(addressee.address, "copies") : undefined,
  };
  return await sendNotice(boxes, action, clock);
}
