/** Columns that are kept in their place; a lone cell far to the right costs nothing. */
const ALIGNED_COLUMNS = 200;

export interface SheetRows {
  /** A cell: what it shows, what is stored. */
  put(row: number, column: number, shown: string, stored: string): void;
  finish(): {
    readonly shown: readonly (readonly string[])[];
    readonly stored: readonly (readonly string[])[];
    readonly differs: boolean;
  };
}

/** Collects the cells of one sheet, which come in any order, into rows. */
export function createRows(): SheetRows {
  const rows = new Map<number, { readonly column: number; readonly shown: string; readonly stored: string }[]>();
  let differs = false;
  const lay = (pick: (cell: { readonly shown: string; readonly stored: string }) => string) =>
    [...rows.entries()]
      .sort(([a], [b]) => a - b)
      .map(([, cells]) => {
        const line: string[] = [];
        for (const cell of [...cells].sort((a, b) => a.column - b.column)) {
          while (line.length < Math.min(cell.column, ALIGNED_COLUMNS)) line.push("");
          line.push(pick(cell));
        }
        return line;
      });
  return {
    put(row, column, shown, stored) {
      if (shown === "" && stored === "") return;
      if (shown !== stored) differs = true;
      const cells = rows.get(row);
      if (cells === undefined) rows.set(row, [{ column, shown, stored }]);
      else cells.push({ column, shown, stored });
    },
    finish: () => ({ shown: lay((cell) => cell.shown), stored: lay((cell) => cell.stored), differs }),
  };
}
