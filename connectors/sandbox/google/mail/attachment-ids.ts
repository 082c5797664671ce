import { randomBytes } from "node:crypto";

/** How long an attachment id may be used. Short, because real ones are not to be stored. */
const LIFETIME_MS = 60 * 60_000;

interface Entry {
  readonly messageId: string;
  readonly partId: string;
  readonly until: number;
}

/** Ids under which attachments can be fetched: new at every read of the message, and short-lived, as Gmail's are. */
export interface AttachmentIds {
  issue(messageId: string, partId: string): string;
  /** The part that an id stands for; undefined when it is unknown, of another message or too old. */
  resolve(messageId: string, id: string): string | undefined;
}

export function createAttachmentIds(clock: () => Date): AttachmentIds {
  const entries = new Map<string, Entry>();
  return {
    issue(messageId, partId) {
      const id = `ANGjdJ${randomBytes(60).toString("base64url")}`;
      entries.set(id, { messageId, partId, until: clock().getTime() + LIFETIME_MS });
      return id;
    },
    resolve(messageId, id) {
      const entry = entries.get(id);
      if (entry === undefined || entry.messageId !== messageId) return undefined;
      return entry.until > clock().getTime() ? entry.partId : undefined;
    },
  };
}
