import type { Budget } from "../budget.ts";
import { walkMarkup } from "../text/markup.ts";
import { localName } from "../text/xml.ts";

/** Elements of WordprocessingML and DrawingML whose text is one run with its neighbours (ECMA-376 Part 1). */
const RUN_TEXT = new Set(["t", "delText", "instrText", "delInstrText", "v", "fName", "rPr", "r", "m"]);
/** Attributes that show names and links to people, in any part. */
const SHOWN_ATTRIBUTES = ["descr", "title", "author", "name", "tooltip", "alt", "string", "val"];
/** Elements whose `val`, `name` or similar attribute is text of the user and not a setting. */
const SHOWN_ELEMENTS = new Set([
  "docPr",
  "cNvPr",
  "comment",
  "ins",
  "del",
  "hlinkClick",
  "hyperlink",
  "textpath",
  "alias",
  "tag",
  "listItem",
  "docVar",
  "cmAuthor",
  "fldSimple",
]);

/**
 * Text of any part of a Word or PowerPoint document (ECMA-376), also of the parts that hide it: text boxes, deleted
 * text, field codes, comments, notes, charts, alternative texts.
 * Runs of a paragraph are joined, paragraphs end lines, cells of a table row are separated by tabs.
 */
export function officeXmlToText(source: string, budget: Budget): string {
  const output: string[] = [];
  let cells = 0;
  let inRun = 0;
  walkMarkup(source, true, budget, {
    open(qualified, attributes) {
      const name = localName(qualified);
      if (RUN_TEXT.has(name)) inRun += 1;
      else if (name === "tab" || name === "ptab") output.push("\t");
      else if (name === "br" || name === "cr") output.push("\n");
      else if (name === "noBreakHyphen") output.push("-");
      else if (name === "sym") output.push(symbol(attributes));
      else if (name === "tc") cells += 1;
      if (!SHOWN_ELEMENTS.has(name)) return;
      for (const [key, value] of attributes) {
        if (SHOWN_ATTRIBUTES.includes(localName(key)) && value !== "" && !GENERATED_NAME.test(value))
          output.push("\n", value, "\n");
      }
      const instruction = attributes.get("w:instr");
      if (instruction !== undefined) output.push("\n", instruction, "\n");
    },
    close(qualified) {
      const name = localName(qualified);
      if (RUN_TEXT.has(name)) {
        inRun = Math.max(0, inRun - 1);
        if (name === "v") output.push("\n");
      } else if (name === "p") output.push(cells > 0 ? " " : "\n");
      else if (name === "tc") {
        cells = Math.max(0, cells - 1);
        output.push("\t");
      } else if (name === "tr") output.push("\n");
      else if (!INLINE.has(name) && inRun === 0 && output.at(-1) !== "\n") output.push(cells > 0 ? " " : "\n");
    },
    text(text) {
      // White space between elements is the writer's indentation.
      if (inRun > 0 || text.trim() !== "") output.push(text);
    },
  });
  return output
    .join("")
    .replace(/[ \n]*\n[ \n]*/g, "\n")
    .trim();
}

/** Elements inside paragraphs that do not end a line. */
const INLINE = new Set(
  "ins del moveFrom moveTo hyperlink smartTag sdt sdtContent fldSimple proofErr bookmarkStart bookmarkEnd lang rFonts b i u sz szCs color rStyle noProof tab br cr sym noBreakHyphen softHyphen lastRenderedPageBreak fldChar endParaRPr solidFill latin ea cs srgbClr schemeClr ln effectLst rtl bCs iCs highlight vertAlign strike spacing kern position commentRangeStart commentRangeEnd commentReference footnoteReference endnoteReference annotationRef pPr rPrChange sdtPr sdtEndPr fld customXml ruby rt rubyBase".split(
    " ",
  ),
);

/** Names that the program gives to shapes, for instance `Text Box 12`. */
const GENERATED_NAME = /^[\p{L} ]{1,40} ?\d*$/u;

function symbol(attributes: ReadonlyMap<string, string>): string {
  const code = Number.parseInt(attributes.get("w:char") ?? "", 16);
  // Symbol fonts put ASCII into the private use area.
  if (code >= 0xf020 && code <= 0xf07e) return String.fromCharCode(code - 0xf000);
  return Number.isNaN(code) ? "" : String.fromCodePoint(code & 0xffff);
}
