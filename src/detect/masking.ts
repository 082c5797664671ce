import type { MaskFilter } from "../core/policy.ts";

/** A mask is never longer: a private key needs no 2,000 asterisks. */
const LONGEST_MASK = 64;
const KEPT = 4;

/**
 * What may be shown of a value. The last four letters or digits stay, separators are masked wherever they stand;
 * values with up to four letters and digits are masked whole.
 */
export function maskValue(value: string, filter: MaskFilter): string {
  if (filter === "none") return value;
  const characters = [...value];
  const significant = characters.flatMap((character, index) => (/[\p{L}\p{N}]/u.test(character) ? [index] : []));
  const kept = new Set(filter === "keep-last-4" && significant.length > KEPT ? significant.slice(-KEPT) : []);
  const masked = characters.map((character, index) => (kept.has(index) ? character : "*")).join("");
  return masked.slice(-LONGEST_MASK);
}
