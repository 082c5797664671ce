import type { PlannedAction } from "../../src/core/action.ts";
import type { MessageRef } from "../../src/core/message.ts";
import type { MailConnector } from "../../src/core/ports.ts";

/**
 * A connector and the mailboxes behind it, as the contract suite needs them. Each test gets a fresh one.
 * Everything beside `connector` looks at the provider from its users' side, never through the connector.
 */
export interface ConnectorHarness {
  /** Opened in `respond` mode for a tenant whose directory holds `people`. */
  readonly connector: MailConnector;
  /** Postern's id of the tenant, as the connector was given it. */
  readonly tenantId: string;
  readonly people: {
    /** Under watch; sends the mails. */
    readonly sender: string;
    /** Of the same tenant. */
    readonly colleague: string;
    /** Of the same tenant; the directory names it as the sender's manager. */
    readonly manager: string;
    /** At an address that the tenant does not know. */
    readonly outsider: string;
  };
  /** Verified mail domain of the tenant. */
  readonly domain: string;
  /** Where a listener answers the provider's handshake; any address where there is none. */
  readonly notificationUrl: string;
  readonly lifecycleUrl: string;
  /** A person's mail client sends: resolves when the copy is in the sent mail and the colleagues have theirs. */
  send(from: string, mime: Uint8Array): Promise<{ readonly messageId: string }>;
  /** Copies that the owner can see. Hidden folders, recoverable items and the trash are out of sight. */
  visibleCopies(address: string, internetMessageId: string): Promise<number>;
  /** Names of categories or labels on the owner's copy. */
  labels(address: string, internetMessageId: string): Promise<readonly string[]>;
  /** Mails in the mailbox that carry this header with this value. */
  received(address: string, header: string, value: string): Promise<number>;
  /** The provider does the next change of this kind and its answer is lost. Left out where it cannot be arranged. */
  loseAnswer?(change: "quarantine" | "notify"): void;
  /** The provider throttles the next call once, with a short time to wait. */
  throttleOnce?(): void;
  close(): Promise<void>;
}

export type MakeHarness = () => Promise<ConnectorHarness>;

/** A mail as its sender's client writes it. */
export function sampleMail(from: string, to: readonly string[], id: string, subject = "Quarterly figures"): Uint8Array {
  return new TextEncoder().encode(
    [
      `From: ${from}`,
      `To: ${to.join(", ")}`,
      `Subject: ${subject}`,
      `Message-ID: ${id}`,
      `Date: ${new Date().toUTCString().replace("GMT", "+0000")}`,
      "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=us-ascii",
      "",
      "Nothing to see here.",
      "",
    ].join("\r\n"),
  );
}

export function anAction(
  harness: ConnectorHarness,
  ref: MessageRef,
  given: Partial<PlannedAction> & Pick<PlannedAction, "kind" | "target">,
): PlannedAction {
  return {
    id: `${given.kind}-${given.target}-${ref.messageId}`.slice(0, 60),
    ref: { ...ref, tenantId: harness.tenantId },
    stage: "sent",
    internetMessageId: null,
    attempts: 0,
    ...given,
  };
}
