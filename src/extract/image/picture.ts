import type { Reading } from "../reading.ts";
import { gifTexts } from "./gif-text.ts";
import { jpegTexts } from "./jpeg-text.ts";
import { readWithOcr } from "./ocr-part.ts";
import { pngTexts } from "./png-text.ts";

/** Pictures: comments and properties as text, then OCR. */
export async function readPicture(reading: Reading): Promise<void> {
  const text = textsBeside(reading)
    .filter((piece) => piece.trim() !== "")
    .join("\n");
  if (text !== "") reading.text(text, { origin: "metadata" });
  await readWithOcr(reading, reading.file.bytes);
}

function textsBeside(reading: Reading): readonly string[] {
  if (reading.mediaType === "image/png") return pngTexts(reading);
  if (reading.mediaType === "image/jpeg") return jpegTexts(reading);
  if (reading.mediaType === "image/gif") return gifTexts(reading);
  return [];
}
