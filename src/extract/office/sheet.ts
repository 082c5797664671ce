import type { Budget } from "../budget.ts";
import { walkMarkup } from "../text/markup.ts";
import { localName } from "../text/xml.ts";
import { plainNumber } from "./number-format.ts";

export interface SheetText {
  readonly shown: readonly (readonly string[])[];
  /** The same rows with numbers as they are stored. */
  readonly stored: readonly (readonly string[])[];
  readonly differs: boolean;
  /** Formulas, headers and footers, validation lists; dates as ISO 8601. */
  readonly other: string;
  readonly missingStrings: boolean;
}

/** What a stored number says to a reader, by the style of its cell. */
export interface CellView {
  /** As its style shows it, null when alike. */
  show(raw: string, style: number): string | null;
  /** Its day when it is a date, as ISO 8601. */
  date(raw: string, style: number): string | null;
}

/** Columns that are kept in their place; cells further right follow one another, so that a lone far cell costs nothing. */
const ALIGNED_COLUMNS = 200;

/**
 * Reads one worksheet (ECMA-376 Part 1, 18.3). The used range that it claims is ignored: only cells that are there count.
 * @param cells how numbers are shown
 */
export function readSheet(source: string, strings: readonly string[], budget: Budget, cells: CellView): SheetText {
  const shown: string[][] = [];
  const stored: string[][] = [];
  const other: string[] = [];
  let row: string[] = [];
  let rawRow: string[] = [];
  let differs = false;
  let missingStrings = false;
  let cell = { column: 0, type: "n", style: 0, value: "", inline: "" };
  let inCell = false;
  let element = "";

  const finishCell = () => {
    inCell = false;
    let text = cell.value;
    let raw = text;
    if (cell.type === "s") {
      const found = text === "" ? "" : strings[Number(text)];
      if (found === undefined) missingStrings = true;
      text = found ?? "";
      raw = text;
    } else if (cell.type === "inlineStr") {
      text = cell.inline;
      raw = text;
    } else if (cell.type === "n" || cell.type === "d") {
      raw = plainNumber(text);
      const formatted = cells.show(text, cell.style);
      const date = cells.date(text, cell.style);
      if (date !== null) other.push(date);
      if (formatted !== null) differs = true;
      text = formatted ?? raw;
    }
    if (text === "" && raw === "") return;
    if (cell.column <= ALIGNED_COLUMNS) {
      while (row.length < cell.column) {
        row.push("");
        rawRow.push("");
      }
    }
    row.push(text);
    rawRow.push(raw);
  };

  walkMarkup(source, true, budget, {
    open(qualified, attributes) {
      const name = localName(qualified);
      element = name;
      if (name === "c") {
        inCell = true;
        const column = columnOf(attributes.get("r") ?? "");
        cell = {
          column: column ?? row.length,
          type: attributes.get("t") ?? "n",
          style: Number(attributes.get("s") ?? 0),
          value: "",
          inline: "",
        };
      }
    },
    close(qualified) {
      const name = localName(qualified);
      element = "";
      if (name === "c") finishCell();
      else if (name === "row") {
        if (row.length > 0) {
          shown.push(row);
          stored.push(rawRow);
        }
        row = [];
        rawRow = [];
      }
    },
    text(text) {
      if (inCell && element === "v") cell.value += text;
      else if (inCell && element === "t") cell.inline += text;
      else if (text.trim() !== "") other.push(text);
    },
  });
  if (row.length > 0) {
    shown.push(row);
    stored.push(rawRow);
  }
  return { shown, stored, differs, other: [...new Set(other)].join("\n"), missingStrings };
}

/** Column of a reference such as `BC12`, from 0; null when there is none. */
function columnOf(reference: string): number | null {
  let column = 0;
  for (const char of reference) {
    const code = char.charCodeAt(0) - 64;
    if (code < 1 || code > 26) break;
    column = column * 26 + code;
  }
  return column === 0 ? null : column - 1;
}
