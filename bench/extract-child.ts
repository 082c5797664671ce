import type { Extraction } from "../src/core/part.ts";
import { serveChild } from "../src/extract/child-main.ts";
import { type ExtractInput, extract } from "../src/extract/extract.ts";
import { DEFAULT_LIMITS } from "../src/extract/limits.ts";
import { askForOcr } from "../src/extract/ocr-link.ts";

/** One input to read in the child, as the pipeline's own child does, without detection. */
export interface BenchRequest {
  readonly input: ExtractInput;
  readonly ocr: boolean;
}

serveChild<BenchRequest, Extraction>((request, signal, parent) =>
  extract(
    request.input,
    {
      limits: DEFAULT_LIMITS,
      onUnit: (unit) => parent.progress(unit),
      ...(request.ocr ? { ocr: askForOcr(parent) } : {}),
    },
    signal,
  ),
);
