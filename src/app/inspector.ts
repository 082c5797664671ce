import { availableParallelism } from "node:os";
import type { Logger, Metrics } from "../core/ports.ts";
import { openChildPool } from "../extract/child-pool.ts";
import type { OcrReader } from "../extract/ocr.ts";
import { answerWithOcr } from "../extract/ocr-link.ts";
import { type Ocr, openOcr } from "../extract/ocr-pool.ts";
import { type ChildReply, type ChildRequest, openInspector } from "../pipeline/inspect.ts";
import type { Inspector } from "../pipeline/inspection.ts";
import type { Config } from "./config.ts";

/** Of one child (reliability.md section 3). */
const HEAP_MB = 384;
/** A child is replaced after so many messages: parsers of documents grow. */
const RECYCLE_AFTER = 200;
/** A picture costs as much as thousands of mails: more than one at a time would starve everything else. */
const OCR_PROCESSES = 1;

/** The reading processes: one a core unless the configuration says otherwise, and one that reads pictures. */
export function openMessageInspector(
  config: Pick<Config, "POSTERN_CHILDREN" | "POSTERN_OCR_LANGUAGES">,
  dependencies: { readonly logger: Logger; readonly metrics: Metrics },
): Inspector {
  const size = config.POSTERN_CHILDREN === 0 ? availableParallelism() : config.POSTERN_CHILDREN;
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const entry = new URL(`../pipeline/inspect-child.${extension}`, import.meta.url);
  // Most runs meet no picture: its process starts with the first one.
  let ocr: Ocr | undefined;
  const reader: OcrReader = {
    read(picture, signal) {
      ocr ??= openOcr({ processes: OCR_PROCESSES, languages: config.POSTERN_OCR_LANGUAGES });
      return ocr.read(picture, signal);
    },
  };
  const pool = openChildPool<ChildRequest, ChildReply>({
    entry,
    size,
    heapMb: HEAP_MB,
    recycleAfter: RECYCLE_AFTER,
    answer: answerWithOcr(reader),
  });
  const inspector = openInspector({ pool, ...dependencies });
  return {
    inspect: inspector.inspect,
    async close() {
      await inspector.close();
      await ocr?.close();
    },
  };
}
