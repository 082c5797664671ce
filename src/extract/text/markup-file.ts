import type { Reading } from "../reading.ts";
import { decodeBytes } from "./charset.ts";
import { htmlToText } from "./html.ts";
import { refuseEntities, xmlToText } from "./xml.ts";

const META_CHARSET =
  /<meta[^>]{0,200}?charset\s*=\s*["']?([\w-]{2,40})|^<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w-]{2,40})/i;

/** HTML, XML and SVG files. */
export function readMarkupFile(reading: Reading): void {
  const { bytes, charset } = reading.file;
  const declared = META_CHARSET.exec(bytes.toString("latin1", 0, 2048));
  const decoded = decodeBytes(bytes, charset ?? declared?.[1] ?? declared?.[2] ?? null);
  if (!decoded.sound) reading.problem("corrupt", "its bytes do not fit the declared charset");
  if (reading.mediaType !== "text/html") {
    reading.text(xmlToText(decoded.text, reading.budget));
    refuseEntities(decoded.text);
    return;
  }
  const { visible, hidden } = htmlToText(decoded.text, reading.budget);
  if (visible !== "") reading.text(visible);
  if (hidden !== "") reading.text(hidden);
}
