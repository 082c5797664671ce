import { meet, PEOPLE, startTestTenant, TENANT_ID } from "../unit/microsoft365/support/tenant.ts";
import type { ConnectorHarness } from "./connector-harness.ts";
import { runConnectorSuite } from "./connector-suite.ts";

/** Folders that the owner does not see, or that are the way out. */
const OUT_OF_SIGHT = /quarantine|deleteditems|recoverable|purges/i;

async function makeHarness(): Promise<ConnectorHarness> {
  const tenant = await startTestTenant();
  const { sandbox, connector } = tenant;
  const copies = (address: string, id: string) =>
    sandbox
      .messages(address)
      .filter((message) => message.internetMessageId === id && !OUT_OF_SIGHT.test(message.folder));
  return {
    connector,
    tenantId: TENANT_ID,
    people: PEOPLE,
    domain: "contoso.example",
    notificationUrl: tenant.notificationUrl,
    lifecycleUrl: `${tenant.notificationUrl}/lifecycle`,
    send: async (from, mime) => {
      const { messageId } = await sandbox.send(from, mime);
      if (messageId === null) throw new Error("the sandbox kept no copy");
      return { messageId };
    },
    visibleCopies: async (address, id) => copies(address, id).length,
    labels: async (address, id) => copies(address, id).flatMap((message) => message.categories),
    received: async (address, header, value) =>
      sandbox
        .messages(address)
        .filter((message) => message.mime.toString("latin1").toLowerCase().includes(`${header}: ${value}\r\n`)).length,
    loseAnswer: (change) => {
      const path = change === "notify" ? "*/sendMail" : "*/move";
      meet(sandbox, { method: "POST", path }, { reset: "after" });
    },
    throttleOnce: () => {
      const answer = { status: 429, code: "ApplicationThrottled", retryAfter: 0.05 };
      meet(sandbox, { path: "*/messages/*" }, { answer });
    },
    close: tenant.close,
  };
}

runConnectorSuite("Microsoft 365 connector", makeHarness);
