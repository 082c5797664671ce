import type { MaskFilter } from "../core/policy.ts";

/** A mask is never longer: a private key needs no 2,000 asterisks. */
const LONGEST_MASK = 64;
const KEPT = 4;
const ASCII = /^[ -~\s]*$/;
const SIGNIFICANT = /[\p{L}\p{N}]/u;

/**
 * What may be shown of a value. The last four letters or digits stay, separators are masked wherever they stand;
 * values with up to four letters and digits are masked whole.
 */
export function maskValue(value: string, filter: MaskFilter): string {
  if (filter === "none") return value;
  const characters = ASCII.test(value) ? value : [...value];
  const kept = filter === "keep-last-4" && isLong(characters) ? KEPT : 0;
  let masked = "";
  let shown = 0;
  for (let index = characters.length - 1; index >= 0 && masked.length < LONGEST_MASK; index--) {
    const character = characters[index] ?? "";
    const isShown = shown < kept && SIGNIFICANT.test(character);
    if (isShown) shown++;
    masked = (isShown ? character : "*") + masked;
  }
  return masked.slice(-LONGEST_MASK);
}

/** More letters and digits than may be kept. */
function isLong(characters: string | readonly string[]): boolean {
  let significant = 0;
  for (const character of characters) if (SIGNIFICANT.test(character) && ++significant > KEPT) return true;
  return false;
}
