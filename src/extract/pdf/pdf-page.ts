import type { Reading } from "../reading.ts";
import { readAnnotations } from "./pdf-annotations.ts";
import { readDrawnPage, readPageImages, readPageWithOcr } from "./pdf-images.ts";
import { copyOut, withMemory } from "./pdf-memory.ts";
import type { ReadFiles } from "./pdf-unlisted.ts";
import type { Pdfium } from "./pdfium.ts";

export interface PageRef {
  readonly document: number;
  readonly forms: number;
  readonly index: number;
  /** Embedded files that were read so far. */
  readonly files: ReadFiles;
}

/** Pages with less text than this are taken for scans, whatever stands on them beside the picture. */
const SCANNED_PAGE_TEXT = 40;

/** Characters of the private use areas, control characters and replacement characters: a text layer made of them lies. */
const NONSENSE = /[\uE000-\uF8FF\uFFFD]|(?![\t\n\f\r])\p{Cc}/gu;

/** Reads one page. `unreadable` when it cannot be loaded, `blank` when nothing at all stands on it. */
export async function readPage(
  pdfium: Pdfium,
  ref: PageRef,
  reading: Reading,
): Promise<"read" | "blank" | "unreadable"> {
  const page = pdfium._FPDF_LoadPage(ref.document, ref.index);
  if (page === 0) return "unreadable";
  try {
    const text = pageText(pdfium, page);
    if (text.trim() !== "") reading.text(text);
    const joined = joinSpacedLetters(text);
    if (joined !== text) reading.text(joined);
    await readAnnotations(pdfium, ref, page, reading);
    const nonsense = (text.match(NONSENSE)?.length ?? 0) * 5 > text.trim().length && text.trim() !== "";
    if (isBlank(pdfium, page)) return "blank";
    if (nonsense) {
      const read = await readPageWithOcr(pdfium, page, reading);
      if (read === "unavailable")
        reading.problem("unsupported", "the text layer of a page does not say what the page shows");
      return "read";
    }
    const hasPictures = await readPageImages(pdfium, ref, page, text.trim().length < SCANNED_PAGE_TEXT, reading);
    if (hasPictures || text.trim() !== "" || pdfium._FPDFPage_GetAnnotCount(page) > 0) return "read";
    return (await readDrawnPage(pdfium, page, reading)) === "blank" ? "blank" : "read";
  } finally {
    pdfium._FPDF_ClosePage(page);
  }
}

const FORM_OBJECT = 5;
/** Drawings within drawings; deeper ones are no work of programs. */
const MAX_DEPTH = 16;

/** Whether a page shows nothing. Drawings that would contain themselves are left empty by PDFium. */
function isBlank(pdfium: Pdfium, page: number): boolean {
  if (pdfium._FPDFPage_GetAnnotCount(page) > 0) return false;
  const shows = (object: number, depth: number): boolean => {
    if (object === 0) return false;
    if (pdfium._FPDFPageObj_GetType(object) !== FORM_OBJECT || depth >= MAX_DEPTH) return true;
    const count = pdfium._FPDFFormObj_CountObjects(object);
    for (let index = 0; index < count; index += 1) {
      if (shows(pdfium._FPDFFormObj_GetObject(object, index), depth + 1)) return true;
    }
    return false;
  };
  const count = pdfium._FPDFPage_CountObjects(page);
  for (let index = 0; index < count; index += 1) {
    if (shows(pdfium._FPDFPage_GetObject(page, index), 0)) return false;
  }
  return true;
}

function pageText(pdfium: Pdfium, page: number): string {
  const handle = pdfium._FPDFText_LoadPage(page);
  if (handle === 0) return "";
  try {
    const count = pdfium._FPDFText_CountChars(handle);
    if (count <= 0) return "";
    return withMemory(pdfium, (count + 1) * 2, (buffer) => {
      const units = pdfium._FPDFText_GetText(handle, 0, count, buffer);
      const text = copyOut(pdfium, buffer, Math.max(0, units - 1) * 2).toString("utf16le");
      // U+FFFE stands for a hyphen at the end of a line, which joins the word.
      return text.replace(/\uFFFE\r?\n?/g, "").replaceAll("\r\n", "\n");
    });
  } finally {
    pdfium._FPDFText_ClosePage(handle);
  }
}

/** Wide kerning makes extractors return "8 6 5 - 4 1": runs of single characters are also offered joined, as words and numbers. */
export function joinSpacedLetters(text: string): string {
  return text.replace(/(?<!\S)(?:\S ){4,}\S(?!\S)/g, (run) =>
    run.replaceAll(" ", "").replace(/(?<=\p{L})(?=\d)|(?<=\d)(?=\p{L})/gu, " "),
  );
}
