import type { Reading } from "../reading.ts";
import { readAttachment } from "./pdf-attachments.ts";
import { readAscii, readString, withMemory } from "./pdf-memory.ts";
import type { PageRef } from "./pdf-page.ts";
import type { Pdfium } from "./pdfium.ts";

/** Subtypes of fpdf_annot.h. */
const FILE_ATTACHMENT = 17;
const LINK = 2;
const WIDGET = 20;
/** String entries of annotation dictionaries that hold text (ISO 32000-1, 12.5). */
const TEXT_KEYS = ["Contents", "T", "Subj", "V", "TU"];
/** A page with more is no page of a person. */
const MAX_ANNOTATIONS = 20_000;

/** Notes, free text, form fields, link targets and attached files of one page. */
export async function readAnnotations(pdfium: Pdfium, ref: PageRef, page: number, reading: Reading): Promise<void> {
  const lines: string[] = [];
  const files: number[] = [];
  const count = pdfium._FPDFPage_GetAnnotCount(page);
  if (count > MAX_ANNOTATIONS) reading.problem("too-many", "a page has too many annotations");
  for (let index = 0; index < Math.min(count, MAX_ANNOTATIONS); index += 1) {
    reading.budget.checkTime();
    const annotation = pdfium._FPDFPage_GetAnnot(page, index);
    if (annotation === 0) continue;
    lines.push(...annotationTexts(pdfium, ref, annotation));
    const subtype = pdfium._FPDFAnnot_GetSubtype(annotation);
    if (subtype === FILE_ATTACHMENT) {
      const file = pdfium._FPDFAnnot_GetFileAttachment(annotation);
      if (file !== 0) files.push(file);
    }
    pdfium._FPDFPage_CloseAnnot(annotation);
  }
  const text = [...new Set(lines.filter((line) => line.trim() !== ""))].join("\n");
  if (text !== "") reading.text(text);
  for (const file of files) await readAttachment(pdfium, file, reading, ref.files);
}

function annotationTexts(pdfium: Pdfium, ref: PageRef, annotation: number): string[] {
  const texts = TEXT_KEYS.map((key) => stringValue(pdfium, annotation, key));
  // Rich text is XHTML (12.7.3.4).
  texts.push(stringValue(pdfium, annotation, "RC").replace(/<[^<>]*>/g, ""));
  const subtype = pdfium._FPDFAnnot_GetSubtype(annotation);
  if (subtype === LINK) {
    const link = pdfium._FPDFAnnot_GetLink(annotation);
    const action = link === 0 ? 0 : pdfium._FPDFLink_GetAction(link);
    if (action !== 0) {
      texts.push(
        readAscii(pdfium, (buffer, size) => pdfium._FPDFAction_GetURIPath(ref.document, action, buffer, size)),
      );
    }
  }
  if (subtype === WIDGET && ref.forms !== 0) texts.push(...fieldTexts(pdfium, ref.forms, annotation));
  return texts;
}

/** A form field: `name: value` as one line, so that a name such as `IBAN` is context of its value; and its choices. */
function fieldTexts(pdfium: Pdfium, forms: number, annotation: number): string[] {
  const ask = (get: (form: number, annotation: number, buffer: number, size: number) => number) =>
    readString(pdfium, (buffer, size) => get(forms, annotation, buffer, size));
  const name = ask(pdfium._FPDFAnnot_GetFormFieldName);
  const value = ask(pdfium._FPDFAnnot_GetFormFieldValue);
  const label = ask(pdfium._FPDFAnnot_GetFormFieldAlternateName);
  const filled = value === "" ? [] : [name, label].filter((title) => title !== "").map((title) => `${title}: ${value}`);
  const count = Math.min(1000, pdfium._FPDFAnnot_GetOptionCount(forms, annotation));
  const options = Array.from({ length: Math.max(0, count) }, (_, index) =>
    readString(pdfium, (buffer, size) => pdfium._FPDFAnnot_GetOptionLabel(forms, annotation, index, buffer, size)),
  );
  return [...filled, value, name, label, ...options];
}

function stringValue(pdfium: Pdfium, annotation: number, key: string): string {
  const name = Buffer.from(`${key}\0`, "latin1");
  return withMemory(pdfium, name.length, (pointer) => {
    pdfium.HEAPU8.set(name, pointer);
    return readString(pdfium, (buffer, size) => pdfium._FPDFAnnot_GetStringValue(annotation, pointer, buffer, size));
  });
}
