import type { Reading } from "../reading.ts";

/** Below this confidence (0 to 100) Tesseract's words are noise more often than not. */
const NOISE = 30;

/** Reads a picture and puts its text beside the part; what could not be read becomes a problem. */
export async function readWithOcr(reading: Reading, image: Buffer): Promise<void> {
  if (reading.ocr === undefined) {
    reading.problem("unsupported", "pictures are not read here");
    return;
  }
  if (!reading.budget.countOcrPage()) {
    reading.problem("too-many", `more than ${reading.budget.limits.ocrPages} pictures; the rest was not read`);
    return;
  }
  const result = await reading.ocr.read({ image, timeoutMs: reading.budget.limits.ocrPageMs }, reading.signal);
  if (!result.ok) {
    reading.problem(result.reason, "the picture could not be read");
    return;
  }
  const text = result.text.trim();
  if (text !== "" && result.confidence >= NOISE) reading.text(text, { origin: "ocr" });
}
