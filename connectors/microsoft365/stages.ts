import { PosternError } from "../../src/core/errors.ts";
import type { Stage } from "../../src/core/message.ts";

export interface WatchedFolder {
  /** Well-known name, the same in every language. */
  readonly name: "sentitems" | "drafts" | "outbox";
  /**
   * Drafts are saved again and again; a sent copy is new once. `updated` on Sent Items would bring our own
   * categories back as work.
   */
  readonly changeType: "created" | "created,updated";
}

const FOLDERS: Partial<Record<Stage, WatchedFolder>> = {
  sent: { name: "sentitems", changeType: "created" },
  draft: { name: "drafts", changeType: "created,updated" },
  outbox: { name: "outbox", changeType: "created" },
};

/** The mail folder of a stage. */
export function folderOf(stage: Stage): WatchedFolder {
  const folder = FOLDERS[stage];
  if (folder === undefined) throw new PosternError("REQUEST_INVALID", `No folder holds the stage ${stage}`);
  return folder;
}
