import type { PlannedAction } from "../../../../src/core/action.ts";
import type { MessageRef } from "../../../../src/core/message.ts";
import { sampleMail } from "../../../contract/connector-harness.ts";
import { PEOPLE, TENANT_ID, type TestTenant } from "./tenant.ts";

export const MAIL_ID = "<acting-1@client.example>";

export function refTo(messageId: string, mailbox: string = PEOPLE.sender): MessageRef {
  return { provider: "microsoft", tenantId: TENANT_ID, mailbox, messageId };
}

/** Ann sends a mail; the reference to her sent copy. */
export async function sendMail(tenant: TestTenant, to: readonly string[] = [PEOPLE.colleague, PEOPLE.outsider]) {
  const { messageId } = await tenant.sandbox.send(PEOPLE.sender, sampleMail(PEOPLE.sender, to, MAIL_ID));
  if (messageId === null) throw new Error("no copy was kept");
  return refTo(messageId);
}

export function perform(
  tenant: Pick<TestTenant, "connector">,
  ref: MessageRef,
  given: Partial<PlannedAction> & Pick<PlannedAction, "kind">,
) {
  const action = {
    id: `${given.kind}-1`,
    ref,
    stage: "sent",
    internetMessageId: MAIL_ID,
    target: PEOPLE.sender,
    attempts: 0,
    ...given,
  } as const;
  return tenant.connector.perform(action, new AbortController().signal);
}

/** Names of the folders that hold the mail, sorted. */
export function foldersOf(tenant: TestTenant, address: string, id: string = MAIL_ID): readonly string[] {
  const found = tenant.sandbox.messages(address).filter((message) => message.internetMessageId === id);
  return found.map((message) => message.folder).sort((one, other) => one.localeCompare(other));
}
