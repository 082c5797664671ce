import type { Budget } from "../budget.ts";
import { walkMarkup } from "../text/markup.ts";
import { localName } from "../text/xml.ts";

export interface OfficeText {
  /** What a reader sees, in order. */
  readonly visible: string;
  /** Deleted and moved text, field codes, alternative texts, names, links. */
  readonly hidden: string;
}

/** Elements of WordprocessingML and DrawingML whose text is one run with its neighbours (ECMA-376 Part 1). */
const RUNS = new Set(["t", "v", "r", "rPr", "m", "fName", "delText", "instrText", "delInstrText"]);
const HIDDEN_TEXT = new Set(["delText", "instrText", "delInstrText"]);
/** Elements inside paragraphs that do not end a line. */
const INLINE = new Set(
  (
    "annotation content ins del moveFrom moveTo hyperlink smartTag sdt sdtContent fldSimple proofErr bookmarkStart bookmarkEnd lang rFonts " +
    "b i u sz szCs color rStyle noProof tab br cr sym noBreakHyphen softHyphen lastRenderedPageBreak fldChar " +
    "endParaRPr solidFill latin ea cs srgbClr schemeClr ln effectLst rtl bCs iCs highlight vertAlign strike spacing " +
    "kern position commentRangeStart commentRangeEnd commentReference footnoteReference endnoteReference " +
    "annotationRef pPr rPrChange sdtPr sdtEndPr fld customXml ruby rt rubyBase"
  ).split(" "),
);
/** Elements with attributes that people wrote, and those attributes. */
const SPOKEN = new Set(
  (
    "docPr cNvPr comment ins del hlinkClick hyperlink textpath alias tag listItem docVar cmAuthor fldSimple imagedata " +
    "shape rect group oval line image"
  ).split(" "),
);
const SPOKEN_ATTRIBUTES = new Set([
  "descr",
  "title",
  "author",
  "name",
  "tooltip",
  "alt",
  "string",
  "val",
  "href",
  "instr",
]);
/** What the program calls shapes unless someone names them, for instance `Text Box 12`. */
const GENERATED_NAME = /^[\p{L} ]{1,40} ?\d*$/u;

/**
 * Text of any part of a Word or PowerPoint document (ECMA-376), also of the parts that hide it: text boxes, comments,
 * notes, charts. Runs of a paragraph are joined, paragraphs end lines, cells of a table row are separated by tabs.
 */
export function officeXmlToText(source: string, budget: Budget): OfficeText {
  const visible: string[] = [];
  const hidden: string[] = [];
  let cells = 0;
  let runs = 0;
  let hiddenRuns = 0;
  let moved = 0;
  // Paragraphs with deletions also as a reader sees them while changes are shown: deleted text in its place.
  const marked: string[] = [];
  let current: string[] = [];
  let hasDeletion = false;
  let codes = 0;
  const out = (text: string) => {
    (hiddenRuns > 0 || moved > 0 ? hidden : visible).push(text);
    if (codes === 0) current.push(text);
  };

  walkMarkup(source, true, budget, {
    open(qualified, attributes) {
      const name = localName(qualified);
      if (name === "delText") hasDeletion = true;
      else if (HIDDEN_TEXT.has(name)) codes += 1;
      if (HIDDEN_TEXT.has(name)) hiddenRuns += 1;
      else if (name === "moveFrom") moved += 1;
      if (RUNS.has(name)) runs += 1;
      else if (name === "tab" || name === "ptab") out("\t");
      else if (name === "br" || name === "cr") out("\n");
      else if (name === "noBreakHyphen") out("-");
      else if (name === "sym") out(symbol(attributes));
      else if (name === "tc") cells += 1;
      if (SPOKEN.has(name)) hidden.push(...spokenAttributes(attributes));
    },
    close(qualified) {
      const name = localName(qualified);
      if (HIDDEN_TEXT.has(name) && name !== "delText") codes = Math.max(0, codes - 1);
      if (name === "p") {
        if (hasDeletion) marked.push("\n", ...current);
        current = [];
        hasDeletion = false;
      }
      if (HIDDEN_TEXT.has(name)) hiddenRuns = Math.max(0, hiddenRuns - 1);
      else if (name === "moveFrom") {
        moved = Math.max(0, moved - 1);
        hidden.push("\n");
      } else if (name === "p" || name === "fldSimple") hidden.push("\n");
      if (RUNS.has(name)) {
        runs = Math.max(0, runs - 1);
        if (name === "v") out("\n");
      } else if (name === "p") out(cells > 0 ? " " : "\n");
      else if (name === "tc") {
        cells = Math.max(0, cells - 1);
        out("\t");
      } else if (name === "tr") out("\n");
      else if (!INLINE.has(name) && runs === 0 && visible.at(-1) !== "\n") out(cells > 0 ? " " : "\n");
    },
    text(text) {
      // White space between elements is the writer's indentation.
      if (runs > 0 || text.trim() !== "") out(text);
    },
  });
  return { visible: tidy(visible), hidden: tidy([...hidden, ...marked]) };
}

function tidy(chunks: readonly string[]): string {
  return chunks
    .join("")
    .replace(/[ \n]*\n[ \n]*/g, "\n")
    .trim();
}

function spokenAttributes(attributes: ReadonlyMap<string, string>): string[] {
  return [...attributes]
    .map(([key, value]) => [localName(key), value] as const)
    .filter(([key, value]) => SPOKEN_ATTRIBUTES.has(key) && value !== "")
    .filter(([key, value]) => key !== "name" || !GENERATED_NAME.test(value))
    .flatMap(([, value]) => ["\n", value, "\n"]);
}

function symbol(attributes: ReadonlyMap<string, string>): string {
  const code = Number.parseInt(attributes.get("w:char") ?? "", 16);
  // Symbol fonts put ASCII into the private use area.
  if (code >= 0xf020 && code <= 0xf07e) return String.fromCharCode(code - 0xf000);
  return Number.isNaN(code) ? "" : String.fromCodePoint(code & 0xffff);
}
