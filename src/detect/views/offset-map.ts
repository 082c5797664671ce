/**
 * Leads offsets of a changed text back to the text that it was made from.
 * Between two breakpoints both texts run in step; the map therefore stays small when little was changed.
 */
export interface OffsetMap {
  /** Where the unit at `offset` begins in the original. */
  start(offset: number): number;
  /** Where the unit before `offset` ends in the original. */
  end(offset: number): number;
}

export const identityMap: OffsetMap = { start: (offset) => offset, end: (offset) => offset };

/** Collects breakpoints while a view is written from left to right. */
export interface OffsetMapBuilder {
  /** The next unit, at `changed`, stands for `width` original units that begin at `original`. */
  place(changed: number, original: number, width: number): void;
  build(): OffsetMap;
}

export function createOffsetMapBuilder(): OffsetMapBuilder {
  const changedAt: number[] = [0];
  const originalAt: number[] = [0];
  /** Only units that stand for more or less than one original unit. */
  const widths = new Map<number, number>();

  return {
    place(changed, original, width) {
      const last = changedAt.length - 1;
      const step = (originalAt[last] ?? 0) + (changed - (changedAt[last] ?? 0));
      if (step !== original) {
        if (changedAt[last] === changed) originalAt[last] = original;
        else {
          changedAt.push(changed);
          originalAt.push(original);
        }
      }
      if (width !== 1) widths.set(changed, width);
    },
    build() {
      if (changedAt.length === 1 && originalAt[0] === 0 && widths.size === 0) return identityMap;
      const start = (offset: number): number => {
        const index = lastAtOrBelow(changedAt, offset);
        return (originalAt[index] ?? 0) + (offset - (changedAt[index] ?? 0));
      };
      return { start, end: (offset) => (offset === 0 ? start(0) : start(offset - 1) + (widths.get(offset - 1) ?? 1)) };
    },
  };
}

/** Index of the last element that is not above `value`; the list ascends and begins at or below it. */
export function lastAtOrBelow(sorted: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
