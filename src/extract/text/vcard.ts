import { decodeQuotedPrintable } from "../mime/transfer.ts";

/**
 * iCalendar and vCard as text (RFC 5545 3.1, RFC 6350 3.2): folded lines joined, escapes undone, quoted-printable of
 * vCard 2.1 decoded, inline binary left out.
 */
export function unfoldDirectory(source: string): string {
  const lines = source.replace(/\r?\n[ \t]/g, "").split(/\r?\n/);
  const output: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    let line = lines[index] ?? "";
    if (/;ENCODING=QUOTED-PRINTABLE/i.test(line)) {
      while (line.endsWith("=") && index + 1 < lines.length) {
        index += 1;
        line = line.slice(0, -1) + (lines[index] ?? "");
      }
      line = decodeQuotedPrintable(Buffer.from(line, "utf8")).toString("utf8");
    }
    if (/^(PHOTO|LOGO|SOUND|KEY)[^:]*(ENCODING=B|BASE64|data:)/i.test(line)) continue;
    output.push(line.replace(/\\([nN,;\\])/g, (_, char: string) => (char === "n" || char === "N" ? "\n" : char)));
  }
  return output.join("\n");
}
