import { availableParallelism } from "node:os";
import type { Logger, Metrics } from "../core/ports.ts";
import { openChildPool } from "../extract/child-pool.ts";
import { type ChildReply, type ChildRequest, openInspector } from "../pipeline/inspect.ts";
import type { Inspector } from "../pipeline/inspection.ts";
import type { Config } from "./config.ts";

/** Of one child (reliability.md section 3). */
const HEAP_MB = 384;
/** A child is replaced after so many messages: parsers of documents grow. */
const RECYCLE_AFTER = 200;

/** The reading processes: one a core unless the configuration says otherwise. */
export function openMessageInspector(
  config: Pick<Config, "POSTERN_CHILDREN">,
  dependencies: { readonly logger: Logger; readonly metrics: Metrics },
): Inspector {
  const size = config.POSTERN_CHILDREN === 0 ? availableParallelism() : config.POSTERN_CHILDREN;
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const entry = new URL(`../pipeline/inspect-child.${extension}`, import.meta.url);
  const pool = openChildPool<ChildRequest, ChildReply>({ entry, size, heapMb: HEAP_MB, recycleAfter: RECYCLE_AFTER });
  return openInspector({ pool, ...dependencies });
}
