import { labelIdsOf } from "./message-view.ts";

export type ChangeKind = "messageAdded" | "messageDeleted" | "labelAdded" | "labelRemoved";

/** One change of a mailbox. Ids rise with random gaps, as Gmail's do. */
export interface HistoryRecord {
  readonly id: bigint;
  /** Place in the order of all changes of the sandbox, for the lag switches. */
  readonly sequence: number;
  readonly kind: ChangeKind;
  readonly messageId: string;
  readonly threadId: string;
  /** Labels of the message after the change; before it for a deletion. */
  readonly labelIds: readonly string[];
  /** The labels that were added or removed; empty for the other kinds. */
  readonly changed: readonly string[];
}

/** A record as `history.list` answers it. */
export function historyResource(record: HistoryRecord): object {
  const reference = { id: record.messageId, threadId: record.threadId };
  const message = { ...reference, ...labelIdsOf(record.labelIds) };
  const base = { id: `${record.id}`, messages: [reference] };
  switch (record.kind) {
    case "messageAdded":
      return { ...base, messagesAdded: [{ message }] };
    case "messageDeleted":
      return { ...base, messagesDeleted: [{ message }] };
    case "labelAdded":
      return { ...base, labelsAdded: [{ message, labelIds: record.changed }] };
    case "labelRemoved":
      return { ...base, labelsRemoved: [{ message, labelIds: record.changed }] };
  }
}

/** Whether a record is about a message that has, or through this change had, the label. */
export function concernsLabel(record: HistoryRecord, labelId: string): boolean {
  return record.labelIds.includes(labelId) || record.changed.includes(labelId);
}
