/** Runs of at least so many characters are taken for text. */
const MIN_RUN = 5;

/** Random bytes hold short runs too; one so long, of ASCII alone, stands in one of 400 million places. */
const NO_ACCIDENT = /[\x20-\x7e]{20}/;

export interface FoundStrings {
  readonly text: string;
  /** False when random, compressed or encrypted bytes would look the same. */
  readonly meaningful: boolean;
}

/**
 * Readable strings of a binary, as 8-bit and as UTF-16LE text: what remains possible with a format that has no reader.
 * The file keeps its problem, because this is no reading to the end.
 */
export function findStrings(bytes: Buffer): FoundStrings {
  const narrow = runs(bytes.toString("latin1"));
  const wide = [bytes, bytes.subarray(1)].flatMap((from) => runs(from.toString("utf16le")).filter(isPlausible));
  return {
    text: [...narrow, ...wide].join("\n"),
    meaningful: wide.length > 0 || narrow.some((run) => NO_ACCIDENT.test(run)),
  };
}

export function readableStrings(bytes: Buffer): string {
  return findStrings(bytes).text;
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
