const PICTURE_FILTERS = ["/JBIG2Decode", "/JPXDecode", "/CCITTFaxDecode", "/DCTDecode"];
/** Longer dictionaries of a stream are not looked through. Bytes. */
const DICTIONARY = 4 * 1024;
/** Filters looked at in one document. */
const MAX_LOOKS = 10_000;

/**
 * Whether a stream that is no picture is packed as one: readers take it for empty or for anything, and some unpack
 * gigabytes. Dictionaries of streams always stand in the clear (ISO 32000-2, 7.5.7).
 */
export function hidesInPictureFilter(bytes: Buffer): boolean {
  let looks = 0;
  for (const filter of PICTURE_FILTERS) {
    for (let at = bytes.indexOf(filter); at !== -1 && looks < MAX_LOOKS; at = bytes.indexOf(filter, at + 1)) {
      looks += 1;
      const dictionary = dictionaryAround(bytes, at);
      if (dictionary !== null && !/\/Image\b|\/Width\b/.test(dictionary)) return true;
    }
  }
  return false;
}

/** From the object's beginning to its data; null when this is not the dictionary of a stream. */
function dictionaryAround(bytes: Buffer, at: number): string | null {
  const before = bytes.toString("latin1", Math.max(0, at - DICTIONARY), at);
  const start = before.lastIndexOf(" obj");
  if (start === -1 || before.includes("stream", start)) return null;
  const after = bytes.toString("latin1", at, at + DICTIONARY);
  const end = /\b(?:stream|endobj)\b/.exec(after);
  return end?.[0] === "stream" ? before.slice(start) + after.slice(0, end.index) : null;
}
