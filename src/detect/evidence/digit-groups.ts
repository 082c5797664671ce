/** Groups of digits looked at on each side; longer lists are lists. */
const MAX_GROUPS = 12;
/** Numbers of so many digits in groups are the longest that people write; what follows is something else (a year, a CVV). */
const LONGEST_DIGITS = 16;

/**
 * Whether a number of digits in groups separated by spaces is a piece of a longer one: 12 digits inside of
 * `1234 5678 9018 3456`, 9 digits inside of the amount `123 456 782 000`. Groups of the same size go on beside it, and
 * are not a list of such numbers. Dashes and dots say it by themselves (`numberSurroundings`).
 */
export function goesOnInGroups(bytes: Buffer, start: number, end: number): boolean {
  const text = bytes.toString("latin1", start, end);
  if (!/^\d+(?: \d+)+$/.test(text)) return false;
  const sizes = text.split(" ").map((group) => group.length);
  if (sizes.reduce((sum, size) => sum + size, 0) >= LONGEST_DIGITS) return false;
  const first = sizes[0] ?? 0;
  const last = sizes.at(-1) ?? 0;
  // A single group of its size may stand before or after anything: only two alike show a rhythm.
  const before = first === sizes[1] ? countGroups(bytes, start - 1, -1, first) : 0;
  const after = last === sizes.at(-2) ? countGroups(bytes, end, 1, last) : 0;
  if (before + after === 0) return false;
  const uniform = sizes.every((size) => size === first);
  return !(uniform && (before + after) % sizes.length === 0);
}

/** Groups of exactly `size` digits that follow from `at` on in one direction, each behind one space. */
function countGroups(bytes: Buffer, at: number, step: 1 | -1, size: number): number {
  let count = 0;
  let position = at;
  while (count < MAX_GROUPS && bytes[position] === 32) {
    let digits = 0;
    while (digits <= size && isDigit(bytes[position + step * (digits + 1)])) digits += 1;
    if (digits !== size) break;
    count += 1;
    position += step * (size + 1);
  }
  return count;
}

function isDigit(code: number | undefined): boolean {
  return code !== undefined && code >= 48 && code <= 57;
}
