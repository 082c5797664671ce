import type { Budget } from "../budget.ts";
import { walkMarkup } from "../text/markup.ts";
import { localName } from "../text/xml.ts";

export interface OdfText {
  readonly prose: string;
  readonly rows: string;
  /** Something was repeated more often than is kept. */
  readonly cut: boolean;
}

/** Repetitions beyond these carry no new text. Columns are kept aligned; a space run hides nothing. */
const MAX_REPEATED_CELLS = 200;
const MAX_SPACES = 1_000;
/** A sheet fills its last row and column up to the end of the grid; that is no bomb as long as the cells are empty. */
const PARAGRAPHS = new Set(["p", "h"]);
const BREAKS = new Set([
  "list-item",
  "table-row",
  "frame",
  "page",
  "notes",
  "section",
  "annotation",
  "note",
  "creator",
  "date",
  "title",
]);

/** Text of an OpenDocument stream (ODF 1.3): spans joined, tables as rows, values of cells beside what they show. */
export function odfXmlToText(source: string, budget: Budget): OdfText {
  const prose: string[] = [];
  const rows: string[] = [];
  let cut = false;
  let tables = 0;
  let row: string[] = [];
  let cell: string[] | null = null;
  let cellValue = "";
  let repeat = 1;
  const out = (text: string) => (cell ?? prose).push(text);

  walkMarkup(source, true, budget, {
    open(qualified, attributes) {
      const name = localName(qualified);
      if (name === "s") {
        const count = Number(attributes.get("text:c") ?? 1);
        if (count > MAX_SPACES) cut = true;
        out(" ".repeat(Math.min(Math.max(1, count || 1), MAX_SPACES)));
      } else if (name === "tab") out("\t");
      else if (name === "line-break") out("\n");
      else if (name === "table") tables += 1;
      else if (name === "table-row" && tables > 0) row = [];
      else if ((name === "table-cell" || name === "covered-table-cell") && tables > 0) {
        cell = [];
        cellValue = shownValue(attributes);
        repeat = Number(attributes.get("table:number-columns-repeated") ?? 1) || 1;
      }
      for (const key of [
        "xlink:href",
        "svg:title",
        "office:target-frame-name",
        "text:description",
        "table:name",
        "draw:name",
      ]) {
        const value = attributes.get(key);
        if (value !== undefined && value !== "" && !/^(\.|#|Pictures\/|Object)/.test(value))
          prose.push("\n", value, "\n");
      }
    },
    close(qualified) {
      const name = localName(qualified);
      if (PARAGRAPHS.has(name)) out("\n");
      else if (name === "table-cell" || name === "covered-table-cell") {
        const text = (cell ?? []).join("").trim().replace(/\s+/g, " ");
        cell = null;
        const full = cellValue !== "" && cellValue !== text ? `${text} ${cellValue}`.trim() : text;
        if (full !== "" && repeat > MAX_REPEATED_CELLS) cut = true;
        const copies = full === "" ? Math.min(repeat, MAX_REPEATED_CELLS) : Math.min(repeat, MAX_REPEATED_CELLS);
        for (let index = 0; index < copies; index += 1) row.push(full);
      } else if (name === "table-row") {
        while (row.at(-1) === "") row.pop();
        if (row.length > 0) rows.push(row.join("\t"));
        row = [];
      } else if (name === "table") tables = Math.max(0, tables - 1);
      else if (BREAKS.has(name)) out("\n");
    },
    text(text) {
      if (text.trim() !== "" || text === " ") out(text);
    },
  });
  return {
    prose: prose
      .join("")
      .replace(/\n{2,}/g, "\n")
      .trim(),
    rows: rows.join("\n"),
    cut,
  };
}

function shownValue(attributes: ReadonlyMap<string, string>): string {
  return (
    attributes.get("office:value") ?? attributes.get("office:string-value") ?? attributes.get("office:date-value") ?? ""
  );
}
