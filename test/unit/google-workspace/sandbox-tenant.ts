import { expect } from "vitest";
import { openGoogleConnector } from "../../../connectors/google-workspace/connector.ts";
import { type GoogleSandbox, startGoogleSandbox } from "../../../connectors/sandbox/google/sandbox.ts";
import type { PlannedAction } from "../../../src/core/action.ts";
import type { MessageRef } from "../../../src/core/message.ts";
import type { Logger, MailConnector } from "../../../src/core/ports.ts";
import type { DirectoryMailbox, GoogleTenantSettings } from "../../../src/core/tenant.ts";
import { checkGoogleRequest, hasGoogleSpecs } from "../../support/google-spec.ts";

export const ANN = "ann@corp.example";
export const BOB = "bob@corp.example";
export const MIA = "mia@corp.example";
export const OTTO = "otto@out.example";

export interface SandboxTenant {
  readonly sandbox: GoogleSandbox;
  readonly connector: MailConnector & { close(): void };
  /** Everything that was logged and counted, as text. */
  readonly traces: string[];
  close(): Promise<void>;
}

/** A sandbox with Ann, Bob and their manager Mia, and a connector to it. Closing checks every request it made. */
export async function openSandboxTenant(
  change: (sandbox: GoogleSandbox) => Partial<GoogleTenantSettings> = () => ({}),
  now: () => Date = () => new Date(),
): Promise<SandboxTenant> {
  const sandbox = await startGoogleSandbox({ domains: ["corp.example"] });
  sandbox.addUser({ address: MIA, name: "Mia Manager" });
  sandbox.addUser({ address: ANN, name: "Ann Sender", manager: MIA });
  sandbox.addUser({ address: BOB, name: "Bob Colleague", aliases: ["robert@corp.example"] });
  const known = new Map([MIA, ANN, BOB, sandbox.adminEmail].map((address) => [address, inUse(address)]));
  const traces: string[] = [];
  const trace = (...parts: unknown[]) => void traces.push(JSON.stringify(parts));
  const logger: Logger = { debug: trace, info: trace, warn: trace, error: trace };
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
      ...change(sandbox),
    },
    {
      tenantId: "tenant-google",
      endpoints: sandbox,
      clock: { now },
      logger,
      metrics: { count: trace, observe: trace },
      lookup: async (address) => known.get(address),
    },
  );
  return {
    sandbox,
    connector,
    traces,
    close: async () => {
      connector.close();
      await sandbox.close();
      if (hasGoogleSpecs) expect(sandbox.requests.flatMap((seen) => checkGoogleRequest(seen))).toEqual([]);
    },
  };
}

function inUse(address: string): DirectoryMailbox {
  return { address, userId: address, aliases: [], displayName: address, manager: null, usable: true };
}

export function refTo(messageId: string, mailbox = ANN): MessageRef {
  return { provider: "google", tenantId: "tenant-google", mailbox, messageId };
}

export function action(
  ref: MessageRef,
  given: Partial<PlannedAction> & Pick<PlannedAction, "kind" | "target">,
): PlannedAction {
  return {
    id: `action-${given.kind}-${given.target}`,
    ref,
    stage: "sent",
    internetMessageId: null,
    attempts: 0,
    ...given,
  };
}

/** A mail as a client writes it. */
export function mail(from: string, to: readonly string[], id: string, subject = "Quarterly figures"): Uint8Array {
  const head = [
    `From: ${from}`,
    `To: ${to.join(", ")}`,
    `Subject: ${subject}`,
    `Message-ID: ${id}`,
    "MIME-Version: 1.0",
  ];
  return Buffer.from([...head, "", "Nothing to see here.", ""].join("\r\n"));
}
