/** Rows that are looked at to find the separator. */
const SAMPLE_ROWS = 20;
const SAMPLE_CHARS = 64 * 1024;

/**
 * The separator of a table of text, null when it is none: the one that splits the first rows into the same number of
 * cells, at least two.
 */
export function findSeparator(text: string): string | null {
  const sample = text.slice(0, SAMPLE_CHARS);
  let best: { separator: string; columns: number } | null = null;
  for (const separator of ["\t", ";", ",", "|"]) {
    const rows = parseDelimited(sample, separator, SAMPLE_ROWS);
    const cutRow = text.length > SAMPLE_CHARS && rows.length < SAMPLE_ROWS;
    const complete = cutRow ? rows.slice(0, -1) : rows;
    const filled = complete.filter((row) => row.length > 1 || row[0] !== "");
    const columns = filled[0]?.length ?? 0;
    if (columns < 2 || filled.length < 2) continue;
    const same = filled.filter((row) => row.length === columns).length;
    if (same * 10 >= filled.length * 9 && (best === null || columns > best.columns)) best = { separator, columns };
  }
  return best?.separator ?? null;
}

/** Cells of delimited text (RFC 4180); quotes that are never closed end with the text. */
export function parseDelimited(text: string, separator: string, maxRows = Number.POSITIVE_INFINITY): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let position = 0;
  const length = text.length;
  while (position <= length && rows.length < maxRows) {
    if (text[position] === '"') {
      const [cell, quoteEnd] = quotedCell(text, position);
      // What follows the closing quote up to the separator belongs to the cell, against the rules.
      const end = cellEnd(text, separator, quoteEnd);
      row.push(cell + text.slice(quoteEnd, end));
      position = end;
    } else {
      const end = cellEnd(text, separator, position);
      row.push(text.slice(position, end));
      position = end;
    }
    if (text[position] === separator) {
      position += 1;
      continue;
    }
    rows.push(row);
    row = [];
    if (text[position] === "\r") position += 1;
    if (text[position] === "\n") position += 1;
    else if (position >= length) break;
    if (position >= length) break;
  }
  if (row.length > 0 && rows.length < maxRows) rows.push(row);
  return rows;
}

function cellEnd(text: string, separator: string, from: number): number {
  let end = from;
  while (end < text.length && text[end] !== separator && text[end] !== "\n" && text[end] !== "\r") end += 1;
  return end;
}

function quotedCell(text: string, start: number): [string, number] {
  let cell = "";
  let position = start + 1;
  for (;;) {
    const quote = text.indexOf('"', position);
    if (quote === -1) return [cell + text.slice(position), text.length];
    cell += text.slice(position, quote);
    if (text[quote + 1] !== '"') return [cell, quote + 1];
    cell += '"';
    position = quote + 2;
  }
}

/** Rows as a table part wants them: one row a line, cells separated by one tab. */
export function tableText(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map((cell) => cell.replace(/[\t\r\n]+/g, " ")).join("\t")).join("\n");
}
