import type { MaskFilter } from "../core/policy.ts";

/** A mask is never longer: a private key needs no 2,000 asterisks. */
const LONGEST_MASK = 64;
const KEPT = 4;

/** What may be shown of a value. Separators are masked too; values of up to four characters are masked whole. */
export function maskValue(value: string, filter: MaskFilter): string {
  if (filter === "none") return value;
  const kept = filter === "keep-last-4" && value.length > KEPT ? value.slice(-KEPT) : "";
  return "*".repeat(Math.min(LONGEST_MASK, value.length) - kept.length) + kept;
}
