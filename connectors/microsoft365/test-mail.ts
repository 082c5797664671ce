import { z } from "zod";
import { PosternError } from "../../src/core/errors.ts";
import type { SentTestMail, TestMail, TestMailRoute } from "../../src/core/test-mail.ts";
import { findCopies, moveCopy } from "./copies.ts";
import { folderPath, userPath } from "./paths.ts";
import { type Room, userOf } from "./room.ts";
import { folderOf } from "./stages.ts";

/** So many of the newest sent mails are compared when the service gave the mail another Message-ID. */
const NEWEST = 25;
const TRASH = "deleteditems";

const titled = z.object({ id: z.string(), subject: z.string().nullish(), internetMessageId: z.string().nullish() });

/** The test mail of the live check: sent like a notice, but kept in Sent Items, where it is looked for. */
export function testMailRoute(room: Room): TestMailRoute {
  return {
    rights: { send: "Mail.Send", remove: "Mail.ReadWrite" },
    // One in Sent Items, one in the Inbox.
    copies: 2,
    async send(mail, signal) {
      if (room.settings.mode === "observe") throw new PosternError("PROVIDER_FORBIDDEN", "The tenant is only observed");
      await send(room, mail, signal);
    },
    findSent: (mail, signal) => findSent(room, mail, signal),
    remove: (mail, sent, signal) => remove(room, mail, sent, signal),
  };
}

/** learn.microsoft.com/graph/api/user-sendmail; not repeated when its answer is lost. */
async function send(room: Room, mail: TestMail, signal: AbortSignal): Promise<void> {
  const user = await userOf(room, mail.mailbox);
  const [name, value] = mail.mark;
  const message = {
    subject: mail.subject,
    body: { contentType: "text", content: mail.text },
    toRecipients: [{ emailAddress: { address: mail.mailbox } }],
    internetMessageId: mail.internetMessageId,
    internetMessageHeaders: [
      { name, value },
      // No vacation answer.
      { name: "x-auto-response-suppress", value: "All" },
    ],
  };
  await room.graph.send(
    {
      name: "send-test",
      method: "POST",
      path: `${userPath(user)}/sendMail`,
      body: { message, saveToSentItems: true },
      lane: user,
      missing: "MAILBOX_UNAVAILABLE",
    },
    signal,
  );
}

/** By Message-ID, else by its subject: Graph shows no headers of sent mail (microsoft-graph-docs#3066). */
async function findSent(room: Room, mail: TestMail, signal: AbortSignal): Promise<SentTestMail | undefined> {
  const user = await userOf(room, mail.mailbox);
  const folder = folderOf("sent").name;
  const [copy] = await findCopies(room, user, mail.internetMessageId, signal, folder);
  if (copy !== undefined) return sentAs(room, mail, copy.id, mail.internetMessageId);
  const call = {
    name: "find-test",
    path: `${folderPath(user, folder)}/messages`,
    query: { $select: "id,subject,internetMessageId", $orderby: "receivedDateTime desc", $top: `${NEWEST}` },
    lane: user,
    missing: "MAILBOX_UNAVAILABLE" as const,
  };
  for await (const { items } of room.graph.pages(call, titled, signal)) {
    const found = items.find(({ subject }) => subject === mail.subject);
    return found && sentAs(room, mail, found.id, found.internetMessageId ?? mail.internetMessageId);
  }
  return undefined;
}

function sentAs(room: Room, { mailbox }: TestMail, messageId: string, internetMessageId: string): SentTestMail {
  return { ref: { provider: "microsoft", tenantId: room.tenantId, mailbox, messageId }, internetMessageId };
}

async function remove(
  room: Room,
  mail: TestMail,
  sent: SentTestMail | undefined,
  signal: AbortSignal,
): Promise<number> {
  const user = await userOf(room, mail.mailbox);
  const trash = await room.folders.wellKnown(user, TRASH, signal);
  let removed = 0;
  for (const copy of await findCopies(room, user, sent?.internetMessageId ?? mail.internetMessageId, signal)) {
    if (copy.parentFolderId === trash) continue;
    if ((await moveCopy(room, user, copy, trash, signal)) !== undefined) removed += 1;
  }
  return removed;
}
