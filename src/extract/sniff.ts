import { isTarHeader } from "./archive/tar-header.ts";
import { zipDocumentType } from "./archive/zip-document-type.ts";
import type { FileContent } from "./reading.ts";
import { signatureType } from "./signatures.ts";
import { looksLikeText } from "./text/charset.ts";
import { textType } from "./text/text-type.ts";

/** Junk that senders put before a PDF; readers accept some of it. */
const PDF_SEARCH = 8 * 1024;

/** The media type of a file, from its content; what is declared only decides between kinds of text. */
export function sniff(file: FileContent): string {
  const { bytes } = file;
  const type = signatureType(bytes);
  if (type === "application/zip") return zipDocumentType(bytes) ?? type;
  if (type !== null) return type;
  if (isTarHeader(bytes, 0)) return "application/x-tar";
  if (file.declaredType === "message/rfc822") return "message/rfc822";
  const pdf = bytes.subarray(0, PDF_SEARCH).indexOf("%PDF-");
  if (pdf !== -1) return "application/pdf";
  if (looksLikeText(bytes)) return textType(bytes, file.name, file.declaredType);
  return "application/octet-stream";
}
