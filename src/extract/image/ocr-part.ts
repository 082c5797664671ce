import type { Reading } from "../reading.ts";

/** Below this confidence (0 to 100) Tesseract's words are noise more often than not. */
const NOISE = 30;

const DETAILS = {
  timeout: "reading the picture took too long",
  crash: "reading the picture ended the reading process",
  unsupported: "a picture of a kind that is not read",
  "too-large": "the picture has more pixels than are read",
  corrupt: "the picture is damaged",
} as const;

/** Reads a picture and puts its text beside the part; what could not be read becomes a problem. */
export async function readWithOcr(reading: Reading, image: Buffer): Promise<void> {
  const { limits } = reading.budget;
  if (reading.ocr === undefined) {
    reading.problem("unsupported", "pictures are not read here");
    return;
  }
  if (!reading.budget.countOcrPage()) {
    reading.problem("too-many", `more than ${limits.ocrPages} pictures; the rest was not read`);
    return;
  }
  const request = { image, timeoutMs: limits.ocrPageMs, maxPixels: limits.imagePixels, maxPages: limits.ocrPages };
  const result = await reading.ocr.read(request, reading.signal);
  if (!result.ok) {
    reading.problem(result.reason, DETAILS[result.reason]);
    return;
  }
  const text = result.text.trim();
  if (text !== "" && result.confidence >= NOISE) reading.text(text, { origin: "ocr" });
  if (!result.complete) reading.problem("too-many", "the picture has more pages than are read");
}
