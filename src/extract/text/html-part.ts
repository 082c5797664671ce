import type { Reading, TextOptions } from "../reading.ts";
import { htmlToText } from "./html.ts";

/** Puts both texts of a page into its part and returns the files that are embedded in it, to be read as members. */
export function emitHtml(
  reading: Reading,
  source: string,
  options: TextOptions = {},
): readonly (() => Promise<void>)[] {
  const { visible, hidden, embedded } = htmlToText(source, reading.budget);
  if (visible !== "") reading.text(visible, options);
  if (hidden !== "") reading.text(hidden, options);
  return [...new Set(embedded)].map((address, index) => () => readDataUri(reading, address, index + 1));
}

/** A `data:` address (RFC 2397). */
async function readDataUri(reading: Reading, address: string, ordinal: number): Promise<void> {
  const comma = address.indexOf(",");
  const header = address.slice(5, comma === -1 ? undefined : comma).toLowerCase();
  const content = comma === -1 ? "" : address.slice(comma + 1);
  const extension = /^[a-z]+\/([a-z0-9]{1,10})/.exec(header)?.[1] ?? "bin";
  await reading.member({
    name: `embedded-${ordinal}.${extension}`,
    declaredType: header.split(";")[0] ?? null,
    open: () =>
      header.includes(";base64")
        ? Buffer.from(percentDecode(content), "base64")
        : Buffer.from(percentDecode(content), "latin1"),
  });
}

function percentDecode(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
