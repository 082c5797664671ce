import { randomBytes } from "node:crypto";
import { isPosternError, PosternError } from "../core/errors.ts";
import type { LiveCheck, LiveStep, LiveStepName } from "../core/live-check.ts";
import type { SentTestMail, TestMail, TestMailRoute } from "../core/test-mail.ts";
import { NOTICE_HEADER } from "../pipeline/notice-mark.ts";
import type { ConnectedTenant } from "../pipeline/scan.ts";
import { testMark } from "../pipeline/test-mark.ts";
import { findInLedger } from "./live-check-ledger.ts";
import {
  type Course,
  findByCatchUp,
  findSentCopy,
  type LiveCheckDependencies,
  type Observed,
  readBack,
  takeAway,
} from "./live-check-steps.ts";

export type { LiveCheckDependencies } from "./live-check-steps.ts";

/**
 * Tries a tenant from end to end: sends one marked mail from a mailbox to itself, watches it arrive where Postern
 * finds mail, and puts it into the trash. The mark keeps it out of the records; nothing else in the mailbox is touched.
 * @param wanted the mailbox; without one the service mailbox
 * @throws PosternError REQUEST_INVALID for a mailbox that is neither watched nor the service mailbox.
 */
export async function checkLive(
  connected: ConnectedTenant,
  wanted: string | undefined,
  dependencies: LiveCheckDependencies,
  signal: AbortSignal,
): Promise<LiveCheck> {
  const { tenant, connector } = connected;
  const route = connector.testMail;
  const mailbox = await chosenMailbox(connected, wanted, dependencies);
  if (route === undefined) return notTried(mailbox, "not possible: this provider cannot send");
  if (tenant.mode === "observe")
    return notTried(mailbox, `not possible: needs ${route.rights.send}, and observe mode never sends`);
  if (mailbox === null) return notTried(null, "not possible: there is no service mailbox; name a mailbox");
  return follow(mailbox, route, connected, dependencies, signal);
}

async function chosenMailbox(
  { tenant, directory }: ConnectedTenant,
  wanted: string | undefined,
  { isWatched }: LiveCheckDependencies,
): Promise<string | null> {
  const named = (wanted ?? tenant.serviceMailbox)?.toLowerCase();
  if (named === undefined) return null;
  const mailbox = (await directory()).resolve(named)?.address ?? named;
  if (wanted === undefined || mailbox === tenant.serviceMailbox?.toLowerCase() || (await isWatched(mailbox)))
    return mailbox;
  throw new PosternError("REQUEST_INVALID", "the mailbox is neither watched nor the tenant's service mailbox");
}

async function follow(
  mailbox: string,
  route: TestMailRoute,
  connected: ConnectedTenant,
  dependencies: LiveCheckDependencies,
  signal: AbortSignal,
): Promise<LiveCheck> {
  const { tenant } = connected;
  const mail = writeTestMail(mailbox, dependencies);
  // Before the mail exists, so that it comes after the cursor.
  const point = await dependencies.syncs.get(tenant.id, mailbox, "sent");
  const steps: LiveStep[] = [];
  const step = async (name: LiveStepName, look: () => Promise<Observed>): Promise<boolean> => {
    const taken = await timed(name, look, route, signal);
    steps.push(taken);
    return taken.state === "ok";
  };

  let sent: SentTestMail | undefined;
  const isSent = await step("send", async () => {
    await route.send(mail, signal);
    return { state: "ok", detail: `from ${mailbox} to itself` };
  });
  const sentAt = performance.now();
  const course: Course = { mail, route, connected, point, sentAt, dependencies };
  if (isSent) {
    await step("sent-copy", async () => {
      sent = await findSentCopy(course, signal);
      return { state: "ok", detail: "in the sent mail, found by its Message-ID" };
    });
    if (sent !== undefined) {
      const found = sent;
      await step("read", () => readBack(course, found, signal));
      await step("catch-up", () => findByCatchUp(course, found, signal));
      await step("ledger", () => findInLedger(course, found, signal));
    }
  }
  // A send whose answer was lost may have sent it all the same.
  if (isSent || steps[0]?.state === "failed") await step("clean-up", () => takeAway(course, sent, isSent, signal));
  return { mailbox, ok: steps.every(({ state }) => state !== "failed"), steps };
}

function writeTestMail(mailbox: string, { markKey, clock }: LiveCheckDependencies): TestMail {
  const id = randomBytes(16).toString("hex");
  return {
    mailbox,
    internetMessageId: `<postern-test-${id}@${mailbox.slice(mailbox.lastIndexOf("@") + 1)}>`,
    subject: `[Postern test ${id.slice(0, 12)}] This mail tests the connection`,
    text: "Postern sent this mail from this mailbox to itself, because an administrator ran the doctor.\nIt is put into the trash when the test ends, and may be deleted.\n",
    mark: [NOTICE_HEADER, testMark(markKey, id, mailbox, clock.now())],
  };
}

/** A missing right is a warning: the check that is named after the right has said so already. */
async function timed(
  name: LiveStepName,
  look: () => Promise<Observed>,
  route: TestMailRoute,
  signal: AbortSignal,
): Promise<LiveStep> {
  const begun = performance.now();
  const seconds = (): number => Math.round(performance.now() - begun) / 1_000;
  try {
    return { name, ...(await look()), seconds: seconds() };
  } catch (error) {
    signal.throwIfAborted();
    if (!isPosternError(error)) throw error;
    const isRefused = error.code === "PROVIDER_FORBIDDEN" || error.code === "PROVIDER_UNAUTHORIZED";
    if (isRefused && name === "send")
      return { name, state: "warning", seconds: null, detail: `not possible: needs ${route.rights.send}` };
    if (isRefused && name === "clean-up")
      return {
        name,
        state: "warning",
        seconds: null,
        detail: `the test mail stays: deleting it needs ${route.rights.remove}`,
      };
    return { name, state: "failed", seconds: seconds(), detail: `${error.message} (${error.code})` };
  }
}

function notTried(mailbox: string | null, detail: string): LiveCheck {
  return { mailbox, ok: true, steps: [{ name: "send", state: "warning", seconds: null, detail }] };
}
