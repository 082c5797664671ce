import type { Stage } from "../../src/core/message.ts";

/** Gmail keeps stages apart by system label. There is no outbox, and composing is not visible through the API. */
export function labelOf(stage: Stage): "SENT" | "DRAFT" | undefined {
  if (stage === "sent") return "SENT";
  return stage === "draft" ? "DRAFT" : undefined;
}

/** The labels of all stages that are under watch: Gmail has one registration for a whole mailbox. */
export function watchedLabels(stages: readonly Stage[]): readonly string[] {
  const labels = (["SENT", "DRAFT"] as const).filter((label) => stages.some((stage) => labelOf(stage) === label));
  return labels.length === 0 ? ["SENT"] : labels;
}

/** Whether a message with these labels belongs to the stage. Autosaved drafts are never sent mail. */
export function isAtStage(labels: readonly string[], stage: Stage): boolean {
  const isDraft = labels.includes("DRAFT");
  return stage === "draft" ? isDraft : labels.includes("SENT") && !isDraft;
}
