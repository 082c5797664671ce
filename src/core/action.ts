import type { MessageRef, Stage } from "./message.ts";

export const ACTION_KINDS = [
  "label",
  "stamp-header",
  "hold",
  "quarantine",
  "recall",
  "encrypt",
  "return-to-sender",
  "send-released",
  "send-allowed",
  "restore",
  "purge",
  "notify",
] as const;
/**
 * `purge` destroys a quarantined copy after a manager deleted it or it expired. `send-allowed` sends an unsent message to
 * those recipients who may have it (`split`). The others are in the contract.
 */
export type ActionKind = (typeof ACTION_KINDS)[number];

export type ActionState = "planned" | "done" | "failed" | "not-possible";

/** Where a copy stood before it was taken away, so that `restore` can put it back. Free of content. */
export interface CopyLocation {
  readonly mailbox: string;
  /** The provider's id of the copy now. */
  readonly messageId: string;
  /** Graph: parentFolderId before the move. Gmail: the labels before the change, joined by a comma. */
  readonly origin: string;
}

/** A mail that Postern itself sends. Built by `notify`, sent by the connector as it is. */
export interface NoticeMail {
  /** The mailbox that sends it; the tenant's service mailbox when absent. */
  readonly from?: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Names begin with `x-`, at most five: what Graph lets an application set. */
  readonly headers: Readonly<Record<string, string>>;
}

/** One thing to do through the provider's API. Its `id` is deterministic, so that a repeat can be recognised. */
export interface PlannedAction {
  readonly id: string;
  readonly kind: ActionKind;
  /** The sender's copy. */
  readonly ref: MessageRef;
  readonly stage: Stage;
  readonly internetMessageId: string | null;
  /** Mailbox or address that the action is about: the sender, one recipient, or the person who is told. */
  readonly target: string;
  /** How often it was begun before now; above 0 a call that must not be repeated is looked up first. */
  readonly attempts: number;
  /** `label`: the category or label to set, with the provider-neutral colour. */
  readonly label?: { readonly name: string; readonly color: "red" | "orange" | "yellow" };
  /** `notify` only. */
  readonly notice?: NoticeMail;
  /** `stamp-header`: names begin with `x-`; an empty value takes the header's meaning away. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `send-allowed`, and `send-released` after it: the recipients who get it; everybody when absent. */
  readonly onlyTo?: readonly string[];
  /** `restore` and `purge`: what an earlier `quarantine` or `recall` of the same target recorded. */
  readonly copies?: readonly CopyLocation[];
}

/** The end of one attempt. Trouble that a later attempt may cure is thrown as a PosternError instead. */
export interface ActionOutcome {
  readonly state: "done" | "failed" | "not-possible";
  /** Required unless done: a code such as `external-recipient`, `mailbox-not-found`, `not-supported`, `outcome-unknown`. */
  readonly reason: string | null;
  /** `quarantine` and `recall`: the copies that were taken and where they stood. */
  readonly copies?: readonly CopyLocation[];
}
