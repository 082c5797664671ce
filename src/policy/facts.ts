import type { Stage } from "../core/message.ts";
import type { AttachmentFact, PartOrigin, Problem } from "../core/part.ts";

/** What is known of a message beside its findings. Addresses in lower case, without display names. */
export interface MessageFacts {
  /** Owner of the mailbox; empty when nobody is known. */
  readonly sender: string;
  readonly stage: Stage;
  readonly recipients: readonly string[];
  /** Verified domains of the tenant, lower case; the policy's own are added. None at all: the sender's domain. */
  readonly internalDomains: ReadonlySet<string>;
  /** Group address → members (expanded). */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** Address → every address of the mailbox that it reaches, as far as a directory knows. Lists may name any of them. */
  readonly aliases?: ReadonlyMap<string, readonly string[]>;
  /** Size of the whole message. */
  readonly bytes: number;
  readonly attachments: readonly AttachmentFact[];
  readonly problems: readonly Problem[];
  /** Path of a part → origin. */
  readonly partOrigins: ReadonlyMap<string, PartOrigin>;
  /** The message is encrypted as it stands. */
  readonly encrypted: boolean;
  /** `failed`: it was tried, or nobody can; delayed rules then act. Unset: an unsent message may still be encrypted. */
  readonly encryption?: "failed";
  /** The sender's reason for sending it nevertheless. */
  readonly justification?: string;
}
