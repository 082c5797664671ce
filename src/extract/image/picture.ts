import type { Reading } from "../reading.ts";
import { readWithOcr } from "./ocr-part.ts";

/** Pictures: size from the header, comments and properties as text, then OCR. */
export async function readPicture(reading: Reading): Promise<void> {
  await readWithOcr(reading, reading.file.bytes);
}
