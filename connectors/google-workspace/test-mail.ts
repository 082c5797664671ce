import { PosternError } from "../../src/core/errors.ts";
import type { Clock } from "../../src/core/ports.ts";
import type { TenantMode } from "../../src/core/tenant.ts";
import type { SentTestMail, TestMail, TestMailRoute } from "../../src/core/test-mail.ts";
import { writeOwnMail } from "../own-mail/own-mail.ts";
import { type Copy, newestWith, searchCopies } from "./find-copies.ts";
import type { Gmail } from "./gmail-mailbox.ts";
import { SCOPES } from "./scopes.ts";

export interface TestMailDeps {
  readonly tenantId: string;
  readonly mode: TenantMode;
  readonly clock: Clock;
  /** Enters the mailbox to try its rights. */
  readonly open: (mailbox: string, signal: AbortSignal) => Gmail;
}

const MESSAGE_ID = "Message-ID";

/** The test mail of the live check: sent like a notice, found by its Message-ID or by its mark, put into the trash. */
export function testMailRoute({ tenantId, mode, clock, open }: TestMailDeps): TestMailRoute {
  return {
    rights: { send: SCOPES.send[0], remove: SCOPES.modify[0] },
    // One message with the labels SENT and INBOX.
    copies: 1,

    async send(mail, signal) {
      if (mode === "observe") throw new PosternError("PROVIDER_FORBIDDEN", "The tenant is only observed");
      await open(mail.mailbox, signal).send(await compose(mail, clock.now()));
    },

    async findSent(mail, signal) {
      const gmail = open(mail.mailbox, signal);
      const [copy] = (await copiesOf(gmail, mail)).filter(({ labels }) => labels.includes("SENT"));
      if (copy === undefined) return undefined;
      const { payload } = await gmail.headers(copy.id, [MESSAGE_ID]);
      // Gmail may send under another Message-ID (FlowCrypt/flowcrypt-browser#4273).
      const sentAs = payload?.headers?.find(({ name }) => name.toLowerCase() === MESSAGE_ID.toLowerCase())?.value;
      return {
        ref: { provider: "google", tenantId, mailbox: mail.mailbox, messageId: copy.id },
        internetMessageId: sentAs ?? mail.internetMessageId,
      } satisfies SentTestMail;
    },

    async remove(mail, sent, signal) {
      const gmail = open(mail.mailbox, signal);
      if (sent !== undefined) {
        await gmail.trash(sent.ref.messageId);
        return 1;
      }
      const copies = (await copiesOf(gmail, mail)).filter(({ labels }) => !labels.includes("TRASH"));
      for (const copy of copies) await gmail.trash(copy.id);
      return copies.length;
    },
  };
}

/** The search index may lag behind fresh mail; the newest sent mails are then compared by the mark. */
async function copiesOf(gmail: Gmail, mail: TestMail): Promise<readonly Copy[]> {
  const found = await searchCopies(gmail, mail.internetMessageId);
  const [header, mark] = mail.mark;
  return found.length > 0 ? found : newestWith(gmail, "SENT", header, (value) => value.trim() === mark);
}

function compose({ mailbox, subject, text, internetMessageId, mark }: TestMail, date: Date): Promise<Uint8Array> {
  const [name, value] = mark;
  const headers = { [name]: value };
  return writeOwnMail({ from: mailbox, to: mailbox, subject, text, date, messageId: internetMessageId, headers });
}
