import type { MessageRef } from "./message.ts";

/** A mail that Postern sends from a mailbox to itself, to try a tenant from end to end. */
export interface TestMail {
  /** Sender and only recipient; lower case. */
  readonly mailbox: string;
  /** With angle brackets. The provider may send it under another one. */
  readonly internetMessageId: string;
  /** Occurs in no other mail. */
  readonly subject: string;
  readonly text: string;
  /** Header by which Postern leaves the mail out of what it records. The name begins with `x-`. */
  readonly mark: readonly [name: string, value: string];
}

export interface SentTestMail {
  readonly ref: MessageRef;
  /** As the provider sent it. */
  readonly internetMessageId: string;
}

/** How a connector sends a test mail, finds it again and takes it away. Only in `respond` mode. */
export interface TestMailRoute {
  /** What the tenant has to grant, as its administrator knows it: for sending, and for taking the mail away. */
  readonly rights: { readonly send: string; readonly remove: string };
  /** How many copies a mail to oneself leaves: Gmail keeps one message with both labels, Exchange keeps two. */
  readonly copies: number;
  send(mail: TestMail, signal: AbortSignal): Promise<void>;
  /** The copy among the sent mail; undefined as long as there is none. */
  findSent(mail: TestMail, signal: AbortSignal): Promise<SentTestMail | undefined>;
  /** Moves every copy that is there to the trash, and says how many that were. */
  remove(mail: TestMail, sent: SentTestMail | undefined, signal: AbortSignal): Promise<number>;
}
