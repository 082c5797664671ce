import type { Pdfium } from "./pdfium.ts";

/** FPDF_FORMFILLINFO with all callbacks empty: 4 bytes of version and pointers (fpdf_formfill.h). */
const INFO_SIZE = 256;

/** Field values can be asked for only inside a form environment. Scripts of forms are not part of the build. */
export function openForms(pdfium: Pdfium, document: number): { readonly handle: number; close(): void } {
  const info = pdfium._malloc(INFO_SIZE);
  pdfium.HEAPU8.fill(0, info, info + INFO_SIZE);
  pdfium.HEAPU8[info] = 1;
  const handle = pdfium._FPDFDOC_InitFormFillEnvironment(document, info);
  return {
    handle,
    close() {
      if (handle !== 0) pdfium._FPDFDOC_ExitFormFillEnvironment(handle);
      pdfium._free(info);
    },
  };
}
