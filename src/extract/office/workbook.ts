import type { Reading } from "../reading.ts";
import { tableText } from "../text/delimited.ts";
import { walkMarkup } from "../text/markup.ts";
import { localName } from "../text/xml.ts";
import { type CellFormats, dateOfCell, formatCell, readCellFormats } from "./number-format.ts";
import { readSheet } from "./sheet.ts";

interface WorkbookPart {
  readonly name: string;
  readonly root: string;
  readonly source: string;
}

/**
 * The sheets of a workbook (SpreadsheetML), hidden ones too, each as a table of what a reader sees; where a format
 * shows a number otherwise than it is stored, a second table has the stored values.
 */
export function readWorkbook(reading: Reading, parts: readonly WorkbookPart[]): void {
  const find = (root: string) => parts.filter((part) => part.root === root);
  const strings = find("sst").flatMap((part) => sharedStrings(reading, part.source));
  const styles = find("styleSheet")[0];
  const date1904 = find("workbook").some((part) => /date1904\s*=\s*"(1|true)"/.test(part.source.slice(0, 64 * 1024)));
  const formats: CellFormats = readCellFormats(styles?.source ?? "", reading.budget, date1904);
  for (const part of find("workbook")) {
    const text = sheetNames(reading, part.source);
    if (text !== "") reading.text(text);
  }
  for (const part of parts) {
    if (!/^(worksheet|chartsheet|dialogsheet)$/.test(part.root)) continue;
    const sheet = readSheet(part.source, strings, reading.budget, {
      show: (raw, style) => formatCell(formats, raw, style),
      date: (raw, style) => dateOfCell(formats, raw, style),
    });
    if (sheet.shown.length > 0) reading.text(tableText(sheet.shown), { layout: "table" });
    if (sheet.differs) reading.text(tableText(sheet.stored), { layout: "table" });
    if (sheet.other !== "") reading.text(sheet.other);
    if (sheet.missingStrings) reading.problem("corrupt", "cells refer to texts that are not there");
  }
}

/** Names of sheets and the formulas of defined names. */
function sheetNames(reading: Reading, source: string): string {
  const names: string[] = [];
  walkMarkup(source, true, reading.budget, {
    open(name, attributes) {
      const local = localName(name);
      if (local === "sheet" || local === "definedName") names.push(attributes.get("name") ?? "");
    },
    close() {},
    text(text) {
      if (text.trim() !== "") names.push(text);
    },
  });
  return names.join("\n");
}

/** Phonetic hints (`rPh`) repeat the text in another script. */
function sharedStrings(reading: Reading, source: string): string[] {
  const strings: string[] = [];
  let current = "";
  let text = 0;
  walkMarkup(source, true, reading.budget, {
    open(name) {
      const local = localName(name);
      if (local === "si") current = "";
      else if (local === "t") text += 1;
      else if (local === "rPh") text -= 1000;
    },
    close(name) {
      const local = localName(name);
      if (local === "t") text -= 1;
      else if (local === "rPh") text += 1000;
      else if (local === "si") strings.push(current);
    },
    text(chunk) {
      if (text > 0) current += chunk;
    },
  });
  return strings;
}
