import type { Reading } from "../reading.ts";
import type { OfficeText } from "./office-xml.ts";

/** Puts both texts of a part into its file's part; they stand apart so that hidden words do not split visible ones. */
export function emitOfficeText(reading: Reading, text: OfficeText): void {
  if (text.visible !== "") reading.text(text.visible);
  if (text.hidden !== "") reading.text(text.hidden);
}
