/** The provider's name in records and in the API; `files` is the command line's folder of mail. */
export type Provider = "microsoft" | "google" | "files";

/** Where the message was when it was read. */
export type Stage = "compose" | "draft" | "outbox" | "sent" | "file";

/** Why the message was read. */
export type Trigger = "notification" | "catch-up" | "backfill" | "upload";

/** Where a message lives. Serialisable and free of content: all that a queue or a log may carry. */
export interface MessageRef {
  readonly provider: Provider;
  /** Postern's own id of the tenant, not the provider's. */
  readonly tenantId: string;
  /** Primary address of the mailbox, lower case. Its owner is the sender of what is found there. */
  readonly mailbox: string;
  /** The provider's id of the message; a handle that may change, never an identity. */
  readonly messageId: string;
}

export interface ScanJob {
  readonly ref: MessageRef;
  readonly stage: Stage;
  readonly trigger: Trigger;
  /** Set for past mail. */
  readonly past?: PastScan;
}

/** How a backfill treats what it reads. */
export interface PastScan {
  /** Act on what is found; otherwise the verdict is recorded and its actions are `not-possible`, reason `not-asked`. */
  readonly act: boolean;
  /** Decide anew what was decided under another policy revision. */
  readonly again: boolean;
}

export interface Recipient {
  /** Lower case, without display name. */
  readonly address: string;
  readonly field: "to" | "cc" | "bcc";
}

/** What stands at the top of a message, decoded. */
export interface MessageHead {
  /** With its angle brackets, as written; null when the message has none. */
  readonly internetMessageId: string | null;
  readonly subject: string;
  /** First address of From, lower case; null when there is none. */
  readonly from: string | null;
  readonly recipients: readonly Recipient[];
  /** Value of the Date header as written, null when absent. */
  readonly date: string | null;
  /** All top-level headers in order, names in lower case, values decoded. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}
