import type { Evidence } from "../../core/finding.ts";
import { runSequences } from "./runs.ts";
import { type ExactDataTable, hashValue, rowsWith, shortHash, tableKey } from "./table.ts";

/** Characters on each side of a primary value in which supporting values count. */
const WINDOW = 300;
const PRIMARY_WEIGHT = 0.4;
const SUPPORTING_WEIGHT = 0.4;
/** Primary values in one part whose surroundings are looked at; the rest keeps the weight of the value alone. */
const MAX_JUDGED = 10_000;
const MAX_REMEMBERED = 50_000;

export interface ExactHit {
  readonly start: number;
  readonly end: number;
  readonly canonical: string;
  readonly why: readonly Evidence[];
}

/** Finds values of the table's primary column in a text and looks for supporting values of the same row near them. */
export function matchExactData(table: ExactDataTable, installationKey: Uint8Array, text: string): readonly ExactHit[] {
  const key = tableKey(installationKey, table.salt);
  const lengths = new Set(table.lengths);
  const known = new Map<string, readonly number[]>();
  const hash = rememberedHash(key);
  const hits: ExactHit[] = [];
  let free = 0;
  for (const { value, start, end } of runSequences(text, table.maxRuns)) {
    if (start < free || !lengths.has(value.length)) continue;
    const rows = known.get(value) ?? rowsWith(table, hashValue(key, value));
    known.set(value, rows);
    if (rows.length === 0) continue;
    free = end;
    hits.push({
      start,
      end,
      canonical: value,
      why: judge(table, hash, text, start, end, hits.length < MAX_JUDGED ? rows : []),
    });
  }
  return hits;
}

function judge(
  table: ExactDataTable,
  hash: (value: string) => number,
  text: string,
  start: number,
  end: number,
  rows: readonly number[],
): readonly Evidence[] {
  const why: Evidence[] = [
    { kind: "format", detail: `value of the primary column of ${table.name}`, weight: PRIMARY_WEIGHT },
  ];
  const width = table.supporting.length;
  if (width === 0)
    return [...why, { kind: "format", detail: "no supporting columns asked for", weight: SUPPORTING_WEIGHT }];
  const near = rows.length === 0 ? new Set<number>() : hashesNear(table, hash, text, start, end);
  let best: readonly string[] = [];
  for (const row of rows) {
    const found = table.supporting.filter((_, column) => near.has(table.cells[row * width + column] ?? 0));
    if (found.length > best.length) best = found;
  }
  if (best.length > 0 && best.length >= table.minSupporting) {
    why.push({ kind: "keyword", detail: `${best.join(", ")} of the same row near`, weight: SUPPORTING_WEIGHT });
  }
  return why;
}

function hashesNear(
  table: ExactDataTable,
  hash: (value: string) => number,
  text: string,
  start: number,
  end: number,
): Set<number> {
  const hashes = new Set<number>();
  for (const piece of [text.slice(Math.max(0, start - WINDOW), start), text.slice(end, end + WINDOW)]) {
    for (const { value } of runSequences(piece, table.maxSupportingRuns)) hashes.add(hash(value));
  }
  return hashes;
}

/** The same words stand near many values: each is hashed once, as long as there is room to remember it. */
function rememberedHash(key: Uint8Array): (value: string) => number {
  const hashes = new Map<string, number>();
  return (value) => {
    const known = hashes.get(value);
    if (known !== undefined) return known;
    const hash = shortHash(hashValue(key, value));
    if (hashes.size < MAX_REMEMBERED) hashes.set(value, hash);
    return hash;
  };
}
