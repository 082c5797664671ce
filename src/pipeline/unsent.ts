import type { ActionOutcome } from "../core/action.ts";
import type { ScanJob } from "../core/message.ts";
import type { StoredAction } from "../core/records.ts";
import type { MessageStore } from "../core/store.ts";
import type { Tenant } from "../core/tenant.ts";
import { actionId, isUnsent, planIdentity } from "./plan.ts";

/** What is special about mail that is not sent yet: it may leave at any moment, and Postern itself puts some back. */

/** Mails that share a Message-ID within a mailbox: copies of one, hardly ever more than two. */
const SAME_ID_LOOKED_AT = 50;

/** The item left before it was read, and the tenant's sent mail is scanned: the sent copy's record covers it. */
export function isCoveredBySent(job: ScanJob, isDraft: boolean, tenant: Pick<Tenant, "stages">): boolean {
  return isUnsent(job.stage) && !isDraft && tenant.stages.includes("sent");
}

/**
 * True for what Postern itself put into Drafts: the very mail (by Message-ID and content) that it held in the Outbox of
 * this mailbox. A change of its content makes it another mail, which is scanned.
 */
export async function isOwnReturn(
  { ref, stage }: ScanJob,
  mail: { readonly internetMessageId: string | null; readonly identity: string },
  messages: Pick<MessageStore, "list">,
): Promise<boolean> {
  if (stage !== "draft" || mail.internetMessageId === null) return false;
  const { tenantId, mailbox } = ref;
  const filter = { tenant: tenantId, mailbox, internetMessageId: mail.internetMessageId, stage: "outbox" } as const;
  const { items } = await messages.list(filter, { limit: SAME_ID_LOOKED_AT });
  const hold = actionId(planIdentity(tenantId, mailbox, "outbox", mail.identity), "hold", mailbox);
  return items.some((record) => record.actions.some(({ id, state }) => id === hold && state === "done"));
}

/**
 * What the end of a message's `hold` means for an action that follows it: `wait` while it has none, an outcome when
 * there is nothing left to do, null when the action is to be done. Only what is held can be returned or sent to some,
 * and of what was sent meanwhile only its sent copy's record tells.
 */
export function afterHold(action: StoredAction, all: readonly StoredAction[]): "wait" | ActionOutcome | null {
  const hold = all.find(({ kind }) => kind === "hold");
  if (hold === undefined) return null;
  if (action.kind === "return-to-sender" || action.kind === "send-allowed") {
    if (hold.state === "planned") return "wait";
    return hold.state === "done" ? null : { state: hold.state, reason: hold.reason };
  }
  if (action.kind !== "notify" || action.input.unlessSent !== true) return null;
  return hold.reason === "already-sent" ? { state: "not-possible", reason: "already-sent" } : null;
}
