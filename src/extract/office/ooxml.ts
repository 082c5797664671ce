import type { ZipPackage } from "../archive/zip-package.ts";
import type { Reading } from "../reading.ts";
import { decodeBytes } from "../text/charset.ts";
import { walkMarkup } from "../text/markup.ts";
import { localName, refuseEntities, xmlToText } from "../text/xml.ts";
import { toProblem } from "../unreadable.ts";
import { emitOfficeText } from "./emit-office-text.ts";
import { officeXmlToText } from "./office-xml.ts";
import { commentAuthors } from "./people.ts";
import { readWorkbook } from "./workbook.ts";

/** Whether the package is an Office document (ECMA-376 Part 2). */
export function isOfficePackage(zip: ZipPackage): boolean {
  return zip.names.includes("[Content_Types].xml") && zip.names.some((name) => name.endsWith(".rels"));
}

/** Parts that hold settings of a program and no text of its user. */
const SETTINGS =
  /^(styles|theme|themeOverride|fonts|webSettings|numbering|tblStyleLst|viewPr|presProps|calcChain|Types|colorsDef|styleDef|layoutDef|chartStyle|colorStyle)$/;
/** Parts that say all they say in attributes. */
const SPOKEN_IN_ATTRIBUTES = new Set(
  "connections externalLink queryTable cmAuthorLst authorLst people personList mailMerge recipients".split(" "),
);
const SKIPPED_DATA = /\.(odttf|fntdata)$|(^|\/)printerSettings\d*\.bin$/i;

/**
 * Reads every part of a Word, Excel or PowerPoint document by what it is, not by its name: headers, notes, comments,
 * text boxes, hidden sheets, speaker notes, properties, links; and embedded files and pictures as members.
 */
export async function readOfficePackage(reading: Reading, zip: ZipPackage): Promise<void> {
  const workbook: { readonly name: string; readonly root: string; readonly source: string }[] = [];
  const data: string[] = [];
  for (const name of zip.names) {
    reading.budget.checkTime();
    if (name.endsWith("/") || SKIPPED_DATA.test(name)) continue;
    if (!/\.(xml|rels|vml)$/i.test(name)) {
      data.push(name);
      continue;
    }
    try {
      const bytes = zip.read(name);
      if (bytes === null) continue;
      const source = decodeBytes(bytes, "utf-8").text;
      const root = rootElement(source);
      if (/^(workbook|sst|styleSheet|worksheet|chartsheet|dialogsheet)$/.test(root))
        workbook.push({ name, root, source });
      else readPart(reading, root, source);
      refuseEntities(source);
    } catch (error) {
      // One damaged part does not hide the others.
      const { code, detail } = toProblem(error);
      reading.problem(code, detail);
    }
  }
  if (workbook.length > 0) readWorkbook(reading, workbook);
  for (const name of data) {
    await reading.member({ name, open: () => zip.read(name) ?? Buffer.alloc(0) });
  }
}

function rootElement(source: string): string {
  return /<(?![?!])(?:[\w.-]+:)?([\w.-]+)/.exec(source)?.[1] ?? "";
}

function readPart(reading: Reading, root: string, source: string): void {
  if (SETTINGS.test(root)) return;
  if (root === "Relationships") {
    const targets = externalTargets(reading, source);
    if (targets !== "") reading.text(targets);
    return;
  }
  const isOffice =
    !SPOKEN_IN_ATTRIBUTES.has(root) &&
    /schemas\.openxmlformats\.org|schemas\.microsoft\.com|purl\.oclc\.org|urn:schemas-microsoft-com/.test(
      source.slice(0, 4096),
    );
  const asShown = root === "externalLink" ? ddeCommands(reading, source) : commentAuthors(source, reading.budget);
  if (asShown.length > 0) reading.text(asShown.join("\n"));
  if (!isOffice) {
    const text = xmlToText(source, reading.budget);
    if (text !== "") reading.text(text);
    return;
  }
  emitOfficeText(reading, officeXmlToText(source, reading.budget));
}

/** Where the document links to. Never followed. */
function externalTargets(reading: Reading, source: string): string {
  const targets: string[] = [];
  walkMarkup(source, true, reading.budget, {
    open(_name, attributes) {
      const target = attributes.get("Target");
      if (target !== undefined && attributes.get("TargetMode") === "External") targets.push(target);
    },
    close() {},
    text() {},
  });
  return targets.join("\n");
}

/** Commands that a workbook would give to other programs, as its formulas write them: `service|topic!item`. */
function ddeCommands(reading: Reading, source: string): readonly string[] {
  const commands: string[] = [];
  let link = "";
  walkMarkup(source, true, reading.budget, {
    open(name, attributes) {
      const local = localName(name);
      if (local === "ddeLink") {
        link = `${attributes.get("ddeService") ?? ""}|${attributes.get("ddeTopic") ?? ""}`;
        commands.push(link);
      } else if (local === "ddeItem") commands.push(`${link}!${attributes.get("name") ?? ""}`);
      else if (local === "oleLink") commands.push(attributes.get("progId") ?? "");
    },
    close() {},
    text() {},
  });
  return commands;
}
