import { it } from "vitest";
import { hasGoogleSpecs } from "../support/google-spec.ts";
import { ANN, BOB, MIA, OTTO, openSandboxTenant } from "../unit/google-workspace/sandbox-tenant.ts";
import type { ConnectorHarness } from "./connector-harness.ts";
import { runConnectorSuite } from "./connector-suite.ts";

const people = { sender: ANN, colleague: BOB, manager: MIA, outsider: OTTO };
/** The connector itself repeats calls that may be repeated; a lost answer must outlast that. */
const TRIES = 3;

async function makeHarness(): Promise<ConnectorHarness> {
  const { sandbox, connector, close } = await openSandboxTenant();
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
    close,
  };
}

function hasHeader(mime: Uint8Array, header: string, value: string): boolean {
  const [head = ""] = new TextDecoder("latin1").decode(mime).split("\r\n\r\n");
  return head.split("\r\n").some((line) => line.toLowerCase() === `${header}: ${value}`.toLowerCase());
}

runConnectorSuite("the Google Workspace connector", makeHarness);

// The checks themselves are made whenever a harness closes.
it.skipIf(!hasGoogleSpecs)("checks every request against Google's descriptions (needs POSTERN_SPECS)", async () => {
  const { connector, close } = await openSandboxTenant();
  await connector.directory(new AbortController().signal);
  await close();
});
