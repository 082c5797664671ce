import { createHash, randomBytes } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { parse } from "csv-parse";
import { PosternError } from "../core/errors.ts";
import type { KnownDataEntry, KnownDataStore } from "../core/known-data.ts";
import type { Clock } from "../core/ports.ts";
import { createExactDataBuilder, type ExactDataBuilder } from "../detect/exact/table.ts";
import { encodeExactData, encodeFingerprint } from "../detect/known-data-file.ts";
import { fingerprintDocument } from "../detect/similar/fingerprint.ts";
import type { KnownDataLoading } from "../http/api/exact-data.ts";

/** Other work gets its turn after so many rows, some 10 ms. */
const ROWS_AT_A_TIME = 1_000;
const MOST_ROWS = 5_000_000;
const SALT_BYTES = 16;

export interface LoadingDependencies {
  readonly knownData: KnownDataStore;
  readonly clock: Clock;
  /** Of exact data, and of fingerprints. */
  readonly keys: { readonly exactData: Uint8Array; readonly fingerprints: Uint8Array };
}

/** Hashes what an administrator hands in; the clear text is gone with the request. */
export function openKnownDataLoading({ knownData, clock, keys }: LoadingDependencies): KnownDataLoading {
  async function store(
    kind: KnownDataEntry["kind"],
    name: string,
    document: string,
    size: number,
    hashes: Uint8Array,
  ): Promise<KnownDataEntry> {
    const revision = createHash("sha256").update(hashes).digest("hex").slice(0, 32);
    const entry = { kind, name, document, size, bytes: hashes.byteLength, revision, at: clock.now() };
    await knownData.put(entry, hashes);
    return entry;
  }

  return {
    async exactData(name, csv, { primary, supporting, minSupporting }) {
      const builder = createExactDataBuilder({
        name,
        supporting,
        key: keys.exactData,
        salt: randomBytes(SALT_BYTES),
        ...(minSupporting === undefined ? {} : { minSupporting }),
      });
      const leftOut = await addRows(csv, [primary, ...supporting], builder);
      const table = builder.finish();
      if (table.rows.length === 0) throw invalid("no row has a value that can be looked for in the primary column");
      return { entry: await store("exact-data", name, "", table.rows.length, encodeExactData(table)), leftOut };
    },
    async fingerprint(name, document, text, threshold) {
      const seed = Buffer.from(keys.fingerprints).readUInt32LE();
      const print = fingerprintDocument(document, text, threshold, seed);
      if (print.shingles.length === 0) throw invalid("the document has fewer words than a fingerprint needs");
      return store("fingerprint", name, document, print.shingles.length, encodeFingerprint(print));
    },
  };
}

/** Reads the named columns of every row; returns how many rows could not be used. */
async function addRows(csv: Uint8Array, columns: readonly string[], builder: ExactDataBuilder): Promise<number> {
  const rows: AsyncIterable<readonly string[]> = parse(Buffer.from(csv), {
    bom: true,
    delimiter: delimiterOf(csv),
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  });
  let places: readonly number[] | undefined;
  let count = 0;
  let leftOut = 0;
  try {
    for await (const row of rows) {
      if (places === undefined) {
        places = columns.map((column) => placeOf(row, column));
        continue;
      }
      if (!builder.add(places.map((place) => row[place] ?? ""))) leftOut++;
      if (++count > MOST_ROWS) throw invalid(`more than ${MOST_ROWS} rows`);
      if (count % ROWS_AT_A_TIME === 0) await setImmediate();
    }
  } catch (error) {
    if (error instanceof PosternError) throw error;
    // The parser's own words may hold a piece of the data.
    throw invalid(`line ${count + 2} is no CSV`);
  }
  return leftOut;
}

function placeOf(header: readonly string[], column: string): number {
  const place = header.findIndex((name) => name.toLowerCase() === column.toLowerCase());
  if (place < 0) throw invalid(`there is no column ${column} in the first line`);
  return place;
}

/** Whichever of the usual ones stands most often in the first line. */
function delimiterOf(csv: Uint8Array): string {
  const bytes = Buffer.from(csv.buffer, csv.byteOffset, Math.min(csv.byteLength, 65_536));
  const [first = ""] = bytes.toString("utf8").split("\n", 1);
  const counted = [",", ";", "\t"].map((sign) => ({ sign, count: first.split(sign).length }));
  return counted.sort((a, b) => b.count - a.count)[0]?.sign ?? ",";
}

function invalid(reason: string): PosternError {
  return new PosternError("REQUEST_INVALID", reason);
}
