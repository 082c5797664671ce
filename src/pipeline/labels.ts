import type { PlannedAction } from "../core/action.ts";

type Label = NonNullable<PlannedAction["label"]>;

/** What a message is marked with in its sender's mailbox. The names stay: people filter by them. */
export const LABELS = {
  warned: { name: "DLP: warning", color: "yellow" },
  sentUnencrypted: { name: "DLP: sent unencrypted", color: "orange" },
  mustEncrypt: { name: "DLP: must be encrypted", color: "orange" },
  blocked: { name: "DLP: blocked", color: "red" },
} as const satisfies Record<string, Label>;
