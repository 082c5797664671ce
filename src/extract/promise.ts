import type { FileContent } from "./reading.ts";

/** Endings of formats that are never plain text: archives, and documents that are archives or binary inside. */
const NEVER_TEXT =
  /\.(zip|jar|7z|rar|gz|tgz|gzip|bz2|tbz2?|xz|txz|zst|lz|lzma|cab|arj|lzh|tar|pdf|do[ct][xm]|xl[st][xm]|xlsb|pp[ts][xm]|potx|vsdx|o[dt][tspg]|epub|xps|oxps|pages|numbers)$/i;
/** Endings of documents that other programs write as HTML, XML or plain text too. */
const SOMETIMES_TEXT = /\.(doc|dot|xls|xlt|ppt|pps|rtf|msg|eml|mbox)$/i;

const NEVER_TEXT_TYPES =
  /^application\/((x-)?(zip|zip-compressed|7z-compressed|rar|rar-compressed|gzip|bzip2?|xz|tar|pdf)|zstd|vnd\.(rar|ms-cab-compressed|openxmlformats-.*|oasis\.opendocument\..*)|epub\+zip)$/;
const SOMETIMES_TEXT_TYPES = /^application\/(msword|vnd\.ms-(excel|powerpoint|outlook)|rtf)$/;

/**
 * Whether name or declared type promise a container or document, and the content is nothing of the kind: empty, plain
 * text, or bytes that nobody knows. Content of another known format is read as what it is, and breaks no promise.
 * @param mediaType found from the content
 */
export function breaksPromise(file: FileContent, mediaType: string): boolean {
  const name = file.name ?? "";
  const declared = file.declaredType ?? "";
  const never = NEVER_TEXT.test(name) || NEVER_TEXT_TYPES.test(declared);
  if (!never && !SOMETIMES_TEXT.test(name) && !SOMETIMES_TEXT_TYPES.test(declared)) return false;
  if (file.bytes.length === 0 || mediaType === "application/octet-stream") return true;
  return never && /^(text\/|application\/(json|xml)$)/.test(mediaType);
}
