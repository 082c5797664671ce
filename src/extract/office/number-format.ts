import { format, getFormatDateInfo } from "numfmt";
import type { Budget } from "../budget.ts";
import { walkMarkup } from "../text/markup.ts";
import { localName } from "../text/xml.ts";

export interface CellFormats {
  /** Format of each cell style, by its number. */
  readonly byStyle: readonly string[];
  readonly date1904: boolean;
}

/** Formats that a workbook names by number without defining them (ECMA-376 Part 1, 18.8.30). */
const BUILT_IN: Readonly<Record<number, string>> = {
  1: "0",
  2: "0.00",
  3: "#,##0",
  4: "#,##0.00",
  9: "0%",
  10: "0.00%",
  11: "0.00E+00",
  12: "# ?/?",
  13: "# ??/??",
  14: "yyyy-mm-dd",
  15: "d-mmm-yy",
  16: "d-mmm",
  17: "mmm-yy",
  18: "h:mm AM/PM",
  19: "h:mm:ss AM/PM",
  20: "h:mm",
  21: "h:mm:ss",
  22: "yyyy-mm-dd h:mm",
  37: "#,##0 ;(#,##0)",
  38: "#,##0 ;[Red](#,##0)",
  39: "#,##0.00;(#,##0.00)",
  40: "#,##0.00;[Red](#,##0.00)",
  45: "mm:ss",
  46: "[h]:mm:ss",
  47: "mmss.0",
  48: "##0.0E+0",
  49: "@",
};

export function builtInFormat(id: number): string {
  return BUILT_IN[id] ?? "General";
}

/** Reads number formats and cell styles of a `styleSheet` part. */
export function readCellFormats(source: string, budget: Budget, date1904: boolean): CellFormats {
  const custom = new Map<number, string>();
  const byStyle: string[] = [];
  let inCellXfs = false;
  walkMarkup(source, true, budget, {
    open(qualified, attributes) {
      const name = localName(qualified);
      if (name === "numFmt") custom.set(Number(attributes.get("numFmtId")), attributes.get("formatCode") ?? "");
      else if (name === "cellXfs") inCellXfs = true;
      else if (name === "xf" && inCellXfs) {
        const id = Number(attributes.get("numFmtId") ?? 0);
        byStyle.push(custom.get(id) ?? builtInFormat(id));
      }
    },
    close(qualified) {
      if (localName(qualified) === "cellXfs") inCellXfs = false;
    },
    text() {},
  });
  return { byStyle, date1904 };
}

/** A stored number as text without exponent. */
export function plainNumber(raw: string): string {
  const value = Number(raw);
  if (raw === "" || Number.isNaN(value) || !/e/i.test(raw)) return raw;
  return Math.abs(value) < 1e21
    ? value.toLocaleString("en-US", { useGrouping: false, maximumFractionDigits: 20 })
    : raw;
}

/** A stored number as its cell shows it. Null when it shows what is stored. */
export function formatCell(formats: CellFormats, raw: string, style: number): string | null {
  const pattern = formats.byStyle[style] ?? "General";
  return formatNumber(raw, pattern, formats.date1904);
}

/** The day of a cell that shows a date, as ISO 8601; null when it shows something else. */
export function dateOfCell(formats: CellFormats, raw: string, style: number): string | null {
  return isoDate(raw, formats.byStyle[style] ?? "General", formats.date1904);
}

export function formatNumber(raw: string, pattern: string, date1904: boolean): string | null {
  if (pattern === "General" || pattern === "@" || pattern === "") return null;
  const value = Number(raw);
  if (raw === "" || Number.isNaN(value)) return null;
  try {
    // The other calendar begins four years and a day later.
    const shifted = date1904 && getFormatDateInfo(pattern).year ? value + 1462 : value;
    const shown = format(pattern, shifted, { throws: true }).trim();
    return shown === plainNumber(raw) || shown === "" || /^#+$/.test(shown) ? null : shown;
  } catch {
    return null;
  }
}

/** The last day of year 9999, the largest date of a workbook. Days. */
const LAST_DAY = 2_958_465;

/**
 * The day of a cell that shows a date, as ISO 8601 (`2018-09-20`): its own format depends on the reader's country.
 * Null when the cell shows no date.
 */
export function isoDate(raw: string, pattern: string, date1904: boolean): string | null {
  if (pattern === "General" || pattern === "" || !isDatePattern(pattern)) return null;
  const value = Number(raw) + (date1904 ? 1462 : 0);
  if (raw === "" || !(value >= 1 && value < LAST_DAY + 1)) return null;
  const shown = formatNumber(String(Math.floor(value)), "yyyy-mm-dd", false);
  return shown !== null && /^\d{4}-\d{2}-\d{2}$/.test(shown) ? shown : null;
}

function isDatePattern(pattern: string): boolean {
  try {
    const { year, month, day } = getFormatDateInfo(pattern);
    return year && month && day;
  } catch {
    return false;
  }
}
