import iconv from "iconv-lite";
import { decodeBytes } from "../text/charset.ts";
import { FLAG_UTF8 } from "./zip-flags.ts";

interface Named {
  readonly rawName: Buffer;
  readonly unicodeName: string | null;
  readonly flags: number;
}

/** Names of members: UTF-8 where the flag or the bytes say so, else the code page that fits all names together. */
export function decodeZipNames<T extends Named>(
  entries: readonly T[],
): (Omit<T, "rawName" | "unicodeName"> & { name: string })[] {
  const legacy = entries.filter((entry) => (entry.flags & FLAG_UTF8) === 0 && !isUtf8(entry.rawName));
  const codePage = legacy.length === 0 ? "cp437" : guessCodePage(Buffer.concat(legacy.map((entry) => entry.rawName)));
  return entries.map(({ rawName, unicodeName, ...entry }) => {
    const name = unicodeName ?? (isUtf8(rawName) ? rawName.toString("utf8") : iconv.decode(rawName, codePage));
    return { ...entry, name };
  });
}

function isUtf8(bytes: Buffer): boolean {
  return !bytes.toString("utf8").includes("\uFFFD");
}

/** DOS code pages are unknown to charset detectors: Cyrillic letters of cp866 are recognised by their rows. */
function guessCodePage(names: Buffer): string {
  const high = names.filter((byte) => byte >= 0x80);
  const cyrillic = high.filter((byte) => byte <= 0xaf || (byte >= 0xe0 && byte <= 0xef)).length;
  const asian = decodeBytes(names, null);
  if (/^(shift_jis|euc-|gb|big5|cp9)/.test(asian.charset) && asian.sound) return asian.charset;
  if (cyrillic === high.length && high.length >= 4) {
    const lower = high.filter((byte) => byte >= 0xa0).length;
    const upper = high.filter((byte) => byte >= 0x80 && byte <= 0x9f).length;
    // Accented Latin letters of cp437 stand alone; Cyrillic words are runs.
    if (lower + upper === high.length && /[\x80-\xef]{4}/.test(names.toString("latin1"))) return "cp866";
  }
  return "cp437";
}
