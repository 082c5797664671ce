import type { ParentLink } from "./child-main.ts";
import type { OcrReader, OcrRequest, OcrResult } from "./ocr.ts";

/** In a child: an OCR reader that asks the parent, which has the warm OCR processes and the cache. */
export function askForOcr(parent: ParentLink): OcrReader {
  return {
    async read(request) {
      try {
        return (await parent.ask(request)) as OcrResult;
      } catch {
        return { ok: false, reason: "crash" };
      }
    },
  };
}

/** In the parent: the answer to what `askForOcr` asks, for `ChildPoolOptions.answer`. */
export function answerWithOcr(ocr: OcrReader): (question: unknown, signal: AbortSignal) => Promise<OcrResult> {
  return (question, signal) => ocr.read(question as OcrRequest, signal);
}
