/** Runs of at least so many characters are taken for text. */
const MIN_RUN = 5;

/**
 * Readable strings of a binary, as 8-bit and as UTF-16LE text: what remains possible with a format that has no reader.
 * The file keeps its problem, because this is no reading to the end.
 */
export function readableStrings(bytes: Buffer): string {
  const narrow = runs(bytes.toString("latin1"));
  const wide = runs(bytes.toString("utf16le"));
  const shifted = runs(bytes.subarray(1).toString("utf16le"));
  return [...narrow, ...wide.filter(isPlausible), ...shifted.filter(isPlausible)].join("\n");
}

const RUN = new RegExp(`[\\t\\x20-\\x7e\\p{L}\\p{N}\\p{P}]{${MIN_RUN},}`, "gu");

function runs(text: string): string[] {
  return text.match(RUN) ?? [];
}

/** Bytes that were read in pairs look like rare ideographs; words of people are mostly of one script. */
function isPlausible(run: string): boolean {
  const common = run.match(/[\x20-\x7e\u00a0-\u024f\u0370-\u06ff\u3040-\u30ff]/g)?.length ?? 0;
  return common * 10 >= run.length * 7;
}
