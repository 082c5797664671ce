import type { Reading } from "../reading.ts";
import { Unreadable } from "../unreadable.ts";
import { copyOut, readString, withMemory } from "./pdf-memory.ts";
import { fileHash, type ReadFiles } from "./pdf-unlisted.ts";
import type { Pdfium } from "./pdfium.ts";

/** Files that are embedded in the document. */
export async function readAttachments(
  pdfium: Pdfium,
  document: number,
  reading: Reading,
  read: ReadFiles,
): Promise<void> {
  const count = Math.max(0, pdfium._FPDFDoc_GetAttachmentCount(document));
  for (let index = 0; index < count; index += 1) {
    const attachment = pdfium._FPDFDoc_GetAttachment(document, index);
    if (attachment !== 0) await readAttachment(pdfium, attachment, reading, read);
  }
}

/** One embedded file; its handle lives as long as the document. Unpacked at once: a nested PDF uses the same library. */
export async function readAttachment(
  pdfium: Pdfium,
  attachment: number,
  reading: Reading,
  read: ReadFiles,
): Promise<void> {
  const name = readString(pdfium, (buffer, size) => pdfium._FPDFAttachment_GetName(attachment, buffer, size));
  const open = (): Buffer => {
    const bytes = attachmentBytes(pdfium, attachment, reading);
    read.add(fileHash(bytes));
    return bytes;
  };
  await reading.member({ name: name || "attachment", open });
}

function attachmentBytes(pdfium: Pdfium, attachment: number, reading: Reading): Buffer {
  return withMemory(pdfium, 4, (written) => {
    const sized = pdfium._FPDFAttachment_GetFile(attachment, 0, 0, written);
    const size = copyOut(pdfium, written, 4).readUInt32LE(0);
    if (sized === 0 || size === 0) throw new Unreadable("corrupt", "the embedded file cannot be unpacked");
    reading.budget.expand(size);
    return withMemory(pdfium, size, (buffer) => {
      pdfium._FPDFAttachment_GetFile(attachment, buffer, size, written);
      return copyOut(pdfium, buffer, size);
    });
  });
}
