import type { Reading } from "../reading.ts";
import { Unreadable } from "../unreadable.ts";
import { readAttachments } from "./pdf-attachments.ts";
import { hidesInPictureFilter } from "./pdf-filters.ts";
import { openForms } from "./pdf-forms.ts";
import { readString, withMemory } from "./pdf-memory.ts";
import { readPage } from "./pdf-page.ts";
import { type ReadFiles, readUnlisted } from "./pdf-unlisted.ts";
import { dropPdfium, loadPdfium, type Pdfium } from "./pdfium.ts";

const ERROR_PASSWORD = 4;
const META_TAGS = ["Title", "Author", "Subject", "Keywords", "Creator"];

/**
 * PDF, with PDFium compiled to WebAssembly: text, form fields, annotations, properties, attachments, pictures.
 * It runs no scripts, opens no links and loads nothing.
 */
export async function readPdf(reading: Reading): Promise<void> {
  const pdfium = await loadPdfium();
  try {
    await readWith(pdfium, reading);
  } catch (error) {
    if (error instanceof Unreadable || reading.signal.aborted) throw error;
    // An abort of the library leaves its memory as it is: the next document gets a fresh one.
    dropPdfium();
    const outOfMemory = error instanceof RangeError || /abort|memory|unreachable/i.test(String(error));
    throw outOfMemory ? new Unreadable("too-large", "the document needs more memory than a part may have") : error;
  }
}

async function readWith(pdfium: Pdfium, reading: Reading): Promise<void> {
  const { bytes } = reading.file;
  const data = pdfium._malloc(bytes.length);
  if (data === 0) throw new RangeError("allocation refused");
  pdfium.HEAPU8.set(bytes, data);
  const document = openDocument(pdfium, data, bytes.length, reading);
  const forms = openForms(pdfium, document);
  try {
    await readDocument(pdfium, document, forms.handle, reading);
  } finally {
    forms.close();
    pdfium._FPDF_CloseDocument(document);
    pdfium._free(data);
  }
}

function openDocument(pdfium: Pdfium, data: number, size: number, reading: Reading): number {
  let document = pdfium._FPDF_LoadMemDocument(data, size, 0);
  for (const password of reading.passwords) {
    if (document !== 0 || pdfium._FPDF_GetLastError() !== ERROR_PASSWORD) break;
    const text = Buffer.from(`${password}\0`, "utf8");
    document = withMemory(pdfium, text.length, (pointer) => {
      pdfium.HEAPU8.set(text, pointer);
      return pdfium._FPDF_LoadMemDocument(data, size, pointer);
    });
    if (document !== 0) reading.unlocked();
  }
  if (document !== 0) return document;
  const error = pdfium._FPDF_GetLastError();
  pdfium._free(data);
  if (error === ERROR_PASSWORD) throw new Unreadable("encrypted", "the document needs a password");
  throw new Unreadable("corrupt", "the document's structure is damaged");
}

async function readDocument(pdfium: Pdfium, document: number, forms: number, reading: Reading): Promise<void> {
  if (reading.file.bytes.lastIndexOf("%%EOF") === -1) reading.problem("corrupt", "the document's end is missing");
  if (hidesInPictureFilter(reading.file.bytes)) {
    reading.problem("corrupt", "something that is no picture is packed as one, and was not read");
  }
  const properties = META_TAGS.map((tag) => metaText(pdfium, document, tag)).filter((value) => value !== "");
  if (properties.length > 0) reading.text(properties.join("\n"), { origin: "metadata" });

  const pages = pdfium._FPDF_GetPageCount(document);
  if (pages === 0) reading.problem("corrupt", "the document has no readable page");
  if (pages > reading.budget.limits.pdfPages) {
    reading.problem("too-many", `more than ${reading.budget.limits.pdfPages} pages; the rest was not read`);
  }
  const files: ReadFiles = new Set();
  let unreadable = 0;
  let blank = 0;
  const count = Math.min(pages, reading.budget.limits.pdfPages);
  for (let index = 0; index < count; index += 1) {
    reading.budget.checkTime();
    const state = await readPage(pdfium, { document, forms, index, files }, reading);
    if (state === "unreadable") unreadable += 1;
    else if (state === "blank") blank += 1;
    // A page tree that claims billions of pages ends where pages cannot be loaded any more.
    if (unreadable > 100) break;
  }
  if (unreadable > 0) reading.problem("corrupt", "some pages cannot be read");
  // Damaged content streams leave empty pages; nobody sends a document of nothing.
  if (count > 0 && blank === count) reading.problem("corrupt", "nothing stands on any page");
  await readAttachments(pdfium, document, reading, files);
  await readUnlisted(reading, files);
}

function metaText(pdfium: Pdfium, document: number, tag: string): string {
  const name = Buffer.from(`${tag}\0`, "latin1");
  return withMemory(pdfium, name.length, (pointer) => {
    pdfium.HEAPU8.set(name, pointer);
    return readString(pdfium, (buffer, size) => pdfium._FPDF_GetMetaText(document, pointer, buffer, size));
  });
}
