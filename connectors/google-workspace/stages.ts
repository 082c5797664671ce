import type { Stage } from "../../src/core/message.ts";

/** Gmail keeps stages apart by system label. There is no outbox, and composing is not visible through the API. */
export function labelOf(stage: Stage): "SENT" | "DRAFT" | undefined {
  if (stage === "sent") return "SENT";
  return stage === "draft" ? "DRAFT" : undefined;
}

/**
 * What a registration asks to be told of: one for a whole mailbox. Drafts are found by the sweep; being told of every
 * autosave would only hide a send behind the one notification a second that Gmail allows a mailbox.
 */
export const WATCHED_LABELS = ["SENT"] as const;

/** Whether a message with these labels belongs to the stage. Autosaved drafts are never sent mail. */
export function isAtStage(labels: readonly string[], stage: Stage): boolean {
  const isDraft = labels.includes("DRAFT");
  return stage === "draft" ? isDraft : labels.includes("SENT") && !isDraft;
}
