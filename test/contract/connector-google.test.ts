import { openGoogleConnector } from "../../connectors/google-workspace/connector.ts";
import { startGoogleSandbox } from "../../connectors/sandbox/google/sandbox.ts";
import type { DirectoryMailbox } from "../../src/core/tenant.ts";
import type { ConnectorHarness } from "./connector-harness.ts";
import { runConnectorSuite } from "./connector-suite.ts";

const people = {
  sender: "ann@corp.example",
  colleague: "bob@corp.example",
  manager: "mia@corp.example",
  outsider: "otto@out.example",
};
const silent = { debug() {}, info() {}, warn() {}, error() {} };
/** The connector itself repeats calls that may be repeated; a lost answer must outlast that. */
const TRIES = 3;

async function makeHarness(): Promise<ConnectorHarness> {
  const sandbox = await startGoogleSandbox({ domains: ["corp.example"] });
  sandbox.addUser({ address: people.manager, name: "Mia Manager" });
  sandbox.addUser({ address: people.sender, name: "Ann Sender", manager: people.manager });
  sandbox.addUser({ address: people.colleague, name: "Bob Colleague" });
  const known = new Map(
    [people.sender, people.colleague, people.manager, sandbox.adminEmail].map((address) => [address, inUse(address)]),
  );
  const connector = openGoogleConnector(
    {
      provider: "google",
      name: "Corp",
      customerId: sandbox.customerId,
      adminEmail: sandbox.adminEmail,
      credential: { kind: "service-account-key", key: sandbox.serviceAccount },
      pubsub: { ...sandbox.pubsub, delivery: "pull" },
      mailboxes: "all",
      stages: ["sent"],
      mode: "respond",
    },
    {
      tenantId: "tenant-google",
      endpoints: sandbox,
      clock: { now: () => new Date() },
      logger: silent,
      metrics: { count() {}, observe() {} },
      lookup: async (address) => known.get(address),
    },
  );
  const visible = (address: string) =>
    sandbox.messages(address).filter(({ labels }) => !labels.includes("TRASH") && !labels.includes("DRAFT"));

  return {
    connector,
    tenantId: "tenant-google",
    people,
    domain: "corp.example",
    notificationUrl: "https://postern.example/webhooks/google",
    lifecycleUrl: "https://postern.example/webhooks/google",
    send: async (from, mime) => ({ messageId: (await sandbox.send(from, mime)).id }),
    visibleCopies: async (address, id) =>
      visible(address).filter(({ internetMessageId }) => internetMessageId === id).length,
    labels: async (address, id) => {
      const names = sandbox.labels(address);
      const copy = sandbox.messages(address).find(({ internetMessageId }) => internetMessageId === id);
      return (copy?.labels ?? []).flatMap((label) => names.get(label) ?? []);
    },
    received: async (address, header, value) =>
      visible(address).filter(({ mime }) => hasHeader(mime, header, value)).length,
    loseAnswer: (change) => {
      const operation = change === "notify" ? "gmail.users.messages.send" : "gmail.users.messages.trash";
      sandbox.faults.add({ match: { operation }, times: TRIES, effect: { kind: "reset", when: "after" } });
    },
    throttleOnce: () => {
      const effect = {
        kind: "status",
        status: 429,
        reason: "rateLimitExceeded",
        headers: { "retry-after": "1" },
      } as const;
      sandbox.faults.add({ match: { operation: "gmail.users.messages.get" }, effect });
    },
    close: async () => {
      connector.close();
      await sandbox.close();
    },
  };
}

function inUse(address: string): DirectoryMailbox {
  return { address, userId: address, aliases: [], displayName: address, manager: null, usable: true };
}

function hasHeader(mime: Uint8Array, header: string, value: string): boolean {
  const [head = ""] = new TextDecoder("latin1").decode(mime).split("\r\n\r\n");
  return head.split("\r\n").some((line) => line.toLowerCase() === `${header}: ${value}`.toLowerCase());
}

runConnectorSuite("the Google Workspace connector", makeHarness);
