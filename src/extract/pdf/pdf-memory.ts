import type { Pdfium } from "./pdfium.ts";

/** A string that PDFium hands out: UTF-16LE with a final NUL, its size in bytes asked for first. */
export function readString(
  pdfium: Pdfium,
  ask: (buffer: number, size: number) => number,
  limit = 4 * 1024 * 1024,
): string {
  const size = ask(0, 0);
  if (size <= 2 || size > limit) return "";
  return withMemory(pdfium, size, (buffer) => {
    ask(buffer, size);
    return copyOut(pdfium, buffer, size - 2).toString("utf16le");
  });
}

/** The same for strings of one byte a character (URIs). */
export function readAscii(pdfium: Pdfium, ask: (buffer: number, size: number) => number): string {
  const size = ask(0, 0);
  if (size <= 1 || size > 65_536) return "";
  return withMemory(pdfium, size, (buffer) => {
    ask(buffer, size);
    return copyOut(pdfium, buffer, size - 1).toString("latin1");
  });
}

/** A copy: the heap moves when it grows. */
export function copyOut(pdfium: Pdfium, start: number, length: number): Buffer {
  return Buffer.from(pdfium.HEAPU8.slice(start, start + length).buffer);
}

export function withMemory<T>(pdfium: Pdfium, size: number, use: (pointer: number) => T): T {
  const pointer = pdfium._malloc(size);
  if (pointer === 0) throw new RangeError("allocation refused");
  try {
    return use(pointer);
  } finally {
    pdfium._free(pointer);
  }
}
