import { ZIP_DOCUMENT_TYPES } from "./archive/zip-document-type.ts";
import type { Reader } from "./reading.ts";

type Load = () => Promise<Reader>;

const text: Load = async () => (await import("./text/text-file.ts")).readTextFile;
const markup: Load = async () => (await import("./text/markup-file.ts")).readMarkupFile;
const encoded: Load = async () => (await import("./text/encoded-file.ts")).readEncodedFile;
const zip: Load = async () => (await import("./archive/zip-file.ts")).readZipFile;
const packed: Load = async () => (await import("./archive/seven-zip.ts")).readWithSevenZip;
const picture: Load = async () => (await import("./image/picture.ts")).readPicture;
const pkcs7: Load = async () => (await import("./mime/pkcs7.ts")).readPkcs7;
const opaque: Load = async () => (await import("./office/opaque-file.ts")).readOpaqueFile;

/**
 * Who reads which type. To add a format: a signature in `signatures.ts` (or a rule in `text/text-type.ts`), a reader in
 * the folder of its family, a line here. Readers are loaded when the first such file comes.
 * A type that is missing here is the problem `unsupported`.
 */
const READERS: Readonly<Record<string, Load>> = {
  "text/plain": text,
  "text/csv": text,
  "text/vcard": text,
  "text/calendar": text,
  "application/json": text,
  "text/html": markup,
  "application/xml": markup,
  "image/svg+xml": markup,
  "text/x-uuencode": encoded,
  "application/rtf": async () => (await import("./text/rtf-file.ts")).readRtf,

  "application/mbox": async () => (await import("./mime/mailbox-file.ts")).readMbox,
  "message/rfc822+emlx": async () => (await import("./mime/mailbox-file.ts")).readEmlx,
  "application/pkcs7-mime": pkcs7,
  "application/pkcs7-mime+pem": pkcs7,
  "application/pgp-encrypted": async () => (await import("./office/opaque-file.ts")).readPgpMessage,
  "application/ms-tnef": async () => (await import("./office/tnef.ts")).readTnef,

  "application/zip": zip,
  ...Object.fromEntries(ZIP_DOCUMENT_TYPES.map((type) => [type, zip])),
  "application/gzip": async () => (await import("./archive/gzip.ts")).readGzip,
  "application/x-tar": async () => (await import("./archive/tar.ts")).readTar,
  "application/x-7z-compressed": packed,
  "application/vnd.rar": packed,
  "application/x-bzip2": packed,
  "application/x-xz": packed,
  "application/zstd": packed,
  "application/x-lzma": packed,
  "application/x-lzip": packed,
  "application/x-compress": packed,
  "application/vnd.ms-cab-compressed": packed,
  "application/x-cpio": packed,
  "application/x-archive": packed,
  "application/x-arj": packed,
  "application/x-lzh": packed,
  "application/x-rpm": packed,
  "application/x-xar": packed,
  "application/x-ms-wim": packed,
  "application/x-iso9660-image": packed,
  "application/vnd.ms-htmlhelp": packed,

  "application/pdf": async () => (await import("./pdf/pdf-file.ts")).readPdf,
  "application/x-ole-storage": async () => (await import("./office/ole-file.ts")).readOleFile,
  "application/applefile": async () => (await import("./office/opaque-file.ts")).readAppleDouble,
  "application/octet-stream": opaque,
  "application/onenote": opaque,
  "application/vnd.wordperfect": opaque,
  "application/vnd.sqlite3": opaque,
  "application/x-msaccess": opaque,
  "application/vnd.ms-outlook-pst": opaque,
  "application/x-ms-shortcut": opaque,

  "image/png": picture,
  "image/jpeg": picture,
  "image/gif": picture,
  "image/tiff": picture,
  "image/webp": picture,
  "image/bmp": picture,
  "image/x-portable-anymap": picture,
  "image/avif": picture,
  "image/emf": async () => (await import("./image/emf.ts")).readEmf,
  "image/wmf": async () => (await import("./image/wmf.ts")).readWmf,
};

export function readerFor(mediaType: string): Load | undefined {
  return READERS[mediaType];
}
