import { lastAtOrBelow } from "../views/offset-map.ts";

/** Rows and columns of a tab-separated text by offset. */
export interface Table {
  /** The first row's cell of the column in which `offset` stands; undefined in the first row itself. */
  headerOf(offset: number): string | undefined;
  rowOf(offset: number): { readonly start: number; readonly end: number };
}

/** Longest cell that is taken as a header. */
const MAX_HEADER = 128;

/** Separators are indexed once, so that a lookup is a binary search even in a row of 50 MB. */
export function createTable(text: string): Table {
  /** Offsets at which a cell begins, and of these the ones that begin a row. */
  const cells: number[] = [0];
  const rows: number[] = [0];
  const rowCell: number[] = [0];
  const separator = /[\t\n]/g;
  for (let match = separator.exec(text); match !== null; match = separator.exec(text)) {
    if (match[0] === "\n") {
      rows.push(match.index + 1);
      rowCell.push(cells.length);
    }
    cells.push(match.index + 1);
  }
  const headerCount = rowCell[1] ?? cells.length;

  return {
    headerOf(offset) {
      const row = lastAtOrBelow(rows, offset);
      if (row === 0) return undefined;
      const column = lastAtOrBelow(cells, offset) - (rowCell[row] ?? 0);
      if (column >= headerCount) return undefined;
      const start = cells[column] ?? 0;
      const end = (cells[column + 1] ?? text.length + 1) - 1;
      return text.slice(start, Math.min(end, start + MAX_HEADER));
    },
    rowOf(offset) {
      const row = lastAtOrBelow(rows, offset);
      return { start: rows[row] ?? 0, end: (rows[row + 1] ?? text.length + 1) - 1 };
    },
  };
}
