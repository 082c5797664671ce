import { randomUUID } from "node:crypto";
import { type Call, jsonBody, type Route } from "../call.ts";
import { badRequest, GraphError } from "../graph-error.ts";
import { headOf } from "../item.ts";
import { inFolder, moveItem, purgeItem } from "../mailbox.ts";
import { graphTime } from "../message-json.ts";
import { filterOf, page } from "../query.ts";
import { findRecipient, type Trace } from "../tenant.ts";

/** Folder that each remediation action moves to; hard deletion purges. */
const destinations: Readonly<Record<string, string>> = {
  moveToJunk: "junkemail",
  moveToInbox: "inbox",
  moveToDeletedItems: "deleteditems",
  softDelete: "recoverableitemsdeletions",
};

/** Defender for Office 365, Plan 2: what it knows of delivered mail, and taking copies out of mailboxes. */
export function analyzedEmailRoutes(): readonly Route[] {
  return [
    {
      method: "GET",
      path: "security/collaboration/analyzedEmails",
      roles: ["SecurityAnalyzedMessage.Read.All", "SecurityAnalyzedMessage.ReadWrite.All"],
      handle: async (call) => {
        requireGlobalCloud(call);
        const found = call.tenant.traces.map(show).filter(filterOf(call));
        return { status: 200, body: await page(call, found, (email) => email, 100) };
      },
    },
    {
      method: "POST",
      path: "security/collaboration/analyzedEmails/remediate",
      roles: ["SecurityAnalyzedMessage.ReadWrite.All"],
      handle: (call) => {
        requireGlobalCloud(call);
        const { action, analyzedEmails } = jsonBody(call);
        if (typeof action !== "string" || (action !== "hardDelete" && !destinations[action]))
          throw badRequest("action is invalid.");
        if (!Array.isArray(analyzedEmails) || analyzedEmails.length === 0)
          throw badRequest("analyzedEmails is required.");
        const wanted = analyzedEmails as readonly {
          readonly networkMessageId?: unknown;
          readonly recipientEmailAddress?: unknown;
        }[];
        // The answer comes before the effect, as from a queue.
        call.tenant.later(0, () => {
          for (const { networkMessageId, recipientEmailAddress } of wanted) {
            remediate(call, String(networkMessageId), String(recipientEmailAddress), action);
          }
        });
        const location = `https://security.microsoft.com/action-center/history?id=${randomUUID()}`;
        return { status: 202, headers: { Location: location } };
      },
    },
  ];
}

function remediate(call: Call, networkMessageId: string, address: string, action: string): void {
  const user = findRecipient(call.tenant, address);
  const mailbox = user && call.tenant.mailboxes.get(user.id);
  if (!mailbox) return;
  for (const item of [...mailbox.items.values()]) {
    const isCopy = headOf(item.mime).headers.some(
      ({ name, value }) => /-network-message-id$/i.test(name) && value === networkMessageId,
    );
    if (!isCopy || inFolder(mailbox, item, "recoverableitemspurges")) continue;
    if (action === "hardDelete") purgeItem(mailbox, item);
    else moveItem(mailbox, item, destinations[action] ?? "deleteditems");
  }
}

function show(trace: Trace): object {
  return {
    id: trace.id,
    networkMessageId: trace.networkMessageId,
    internetMessageId: trace.internetMessageId,
    recipientEmailAddress: trace.to,
    subject: trace.subject,
    sizeInBytes: trace.size,
    loggedDateTime: graphTime(trace.at),
  };
}

function requireGlobalCloud(call: Call): void {
  if (!call.tenant.quirks.globalCloud) throw new GraphError(404, "UnsupportedApi", "Not available in this cloud.");
}
