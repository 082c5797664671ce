import type { InboxItem } from "../core/store.ts";
import type { SentTestMail } from "../core/test-mail.ts";
import { type Course, lookUntil, type Observed } from "./live-check-steps.ts";

/** The service's own part: whether it took the mail in by itself and knew it for a test. */
export async function findInLedger(course: Course, sent: SentTestMail, signal: AbortSignal): Promise<Observed> {
  const { mail, sentAt, dependencies } = course;
  const unproved = await reasonNotToWait(course);
  if (unproved !== undefined) return { state: "warning", detail: `not proved: ${unproved}` };
  const look = async (): Promise<InboxItem | undefined> => {
    const item = await dependencies.inbox.find({ ...sent.ref, mailbox: mail.mailbox }, "sent");
    return item?.state === "pending" ? undefined : item;
  };
  const item = await lookUntil(look, dependencies.limits.ledgerMs, dependencies, signal);
  const seconds = ((performance.now() - sentAt) / 1_000).toFixed(1);
  if (item === undefined)
    return { state: "failed", detail: `the service has not worked it off ${seconds} s after it was sent` };
  return judge(item, seconds);
}

function judge({ state, reason, trigger }: InboxItem, seconds: string): Observed {
  if (state === "verdict" || state === "duplicate")
    return { state: "failed", detail: "it was recorded like a user's mail: its mark did not survive the provider" };
  if (state !== "skipped" || reason !== "own-test")
    return { state: "failed", detail: `the service took it in and gave up (${reason ?? state})` };
  const came = `in the ledger ${seconds} s after it was sent`;
  if (trigger === "notification") return { state: "ok", detail: `${came}, by notification` };
  return { state: "warning", detail: `${came}, by ${trigger}: no notification came before` };
}

async function reasonNotToWait({ mail, dependencies }: Course): Promise<string | undefined> {
  if (!(await dependencies.isWatched(mail.mailbox)))
    return `${mail.mailbox} is not watched; name a mailbox that is to see the service find it`;
  return (await dependencies.isWorking()) ? undefined : "the service is not running, so nothing took the mail in";
}
