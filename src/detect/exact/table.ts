import { createHmac } from "node:crypto";
import { compactValue, runsOf } from "./runs.ts";

/** Longer sequences of words in the primary column are not looked for. */
const MAX_RUNS = 8;
/** Shorter primary values would be found in any text. */
const MIN_PRIMARY_LENGTH = 4;
const FIRST_ROWS = 1_024;

/**
 * A table of known values (customers, patients) as keyed hashes: 64 bits of each primary value, 32 of each supporting
 * one. Plain data: typed arrays that can be stored and read back as they are. One million rows with three supporting
 * columns take 24 MB.
 */
export interface ExactDataTable {
  readonly name: string;
  /** Hashed with the key: equal values have other hashes in another table. */
  readonly salt: Uint8Array;
  /** Names of the supporting columns, for explanations. */
  readonly supporting: readonly string[];
  /** How many supporting values must stand near the primary one. */
  readonly minSupporting: number;
  /** Hashes of the primary column in ascending order, and the row of each. */
  readonly primary: BigUint64Array;
  readonly rows: Uint32Array;
  /** Hash of supporting column c in row r at `r * supporting.length + c`; 0 where the cell is empty. */
  readonly cells: Uint32Array;
  /** Lengths that occur in the primary column: what has another length need not be hashed. */
  readonly lengths: readonly number[];
  readonly maxRuns: number;
  /** Words in a supporting value at most. */
  readonly maxSupportingRuns: number;
}

export interface ExactDataSource {
  readonly name: string;
  /** Names of the supporting columns. */
  readonly supporting: readonly string[];
  /** Default 1 when there are supporting columns. */
  readonly minSupporting?: number;
  /** Secret of the installation: without it the table tells nothing. */
  readonly key: Uint8Array;
  /** Random bytes. */
  readonly salt: Uint8Array;
}

/** Takes a table row by row, so that a large one can be hashed in pieces. */
export interface ExactDataBuilder {
  /** The primary value first and the supporting values behind it. False when the primary value cannot be looked for. */
  add(row: readonly string[]): boolean;
  finish(): ExactDataTable;
}

/** The key of one table's hashes. */
export function tableKey(key: Uint8Array, salt: Uint8Array): Uint8Array {
  return createHmac("sha256", key).update(salt).digest();
}

/** First eight bytes of HMAC-SHA256 over the compact value. */
export function hashValue(key: Uint8Array, compact: string): bigint {
  return createHmac("sha256", key).update(compact).digest().readBigUInt64BE(0);
}

/** Never 0, which marks an empty cell. */
export function shortHash(hash: bigint): number {
  return Number(hash >> 32n) || 1;
}

/** Hashes a table. About 3 µs for each value. */
export function createExactDataBuilder(source: ExactDataSource): ExactDataBuilder {
  const { name, supporting, minSupporting, salt } = source;
  const key = tableKey(source.key, salt);
  const width = supporting.length;
  const lengths = new Set<number>();
  let hashes = new BigUint64Array(FIRST_ROWS);
  let cells = new Uint32Array(FIRST_ROWS * width);
  let count = 0;
  let maxRuns = 1;
  let maxSupportingRuns = 1;

  function grow(): void {
    const moreHashes = new BigUint64Array(count * 2);
    moreHashes.set(hashes);
    hashes = moreHashes;
    const moreCells = new Uint32Array(count * 2 * width);
    moreCells.set(cells);
    cells = moreCells;
  }

  return {
    add([first = "", ...others]) {
      const value = compactValue(first);
      const runs = runsOf(first);
      if (value.length < MIN_PRIMARY_LENGTH || runs > MAX_RUNS) return false;
      if (count === hashes.length) grow();
      hashes[count] = hashValue(key, value);
      lengths.add(value.length);
      maxRuns = Math.max(maxRuns, runs);
      for (let column = 0; column < width; column++) {
        const cell = others[column] ?? "";
        const other = compactValue(cell);
        cells[count * width + column] = other === "" ? 0 : shortHash(hashValue(key, other));
        maxSupportingRuns = Math.max(maxSupportingRuns, Math.min(MAX_RUNS, runsOf(cell)));
      }
      count++;
      return true;
    },
    finish() {
      const rows = Uint32Array.from({ length: count }, (_, row) => row).sort((a, b) => {
        const left = hashes[a] ?? 0n;
        const right = hashes[b] ?? 0n;
        return left < right ? -1 : left > right ? 1 : a - b;
      });
      return {
        name,
        salt,
        supporting,
        minSupporting: minSupporting ?? Math.min(1, width),
        primary: BigUint64Array.from(rows, (row) => hashes[row] ?? 0n),
        rows,
        cells: cells.slice(0, count * width),
        lengths: [...lengths],
        maxRuns,
        maxSupportingRuns,
      };
    },
  };
}

/** The rows whose primary value has this hash. */
export function rowsWith(table: ExactDataTable, hash: bigint): readonly number[] {
  let low = 0;
  let high = table.primary.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((table.primary[middle] ?? 0n) < hash) low = middle + 1;
    else high = middle;
  }
  const rows: number[] = [];
  // A value that stands in very many rows identifies nobody; the first hundred are enough to judge by.
  for (; table.primary[low] === hash && rows.length < 100; low++) rows.push(table.rows[low] ?? 0);
  return rows;
}
