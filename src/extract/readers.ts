import type { Reader } from "./reading.ts";

type Load = () => Promise<Reader>;

const text: Load = async () => (await import("./text/text-file.ts")).readTextFile;
const markup: Load = async () => (await import("./text/markup-file.ts")).readMarkupFile;

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
  "application/zip": async () => (await import("./archive/zip-file.ts")).readZipFile,
  "application/pdf": async () => (await import("./pdf/pdf-file.ts")).readPdf,
};

export function readerFor(mediaType: string): Load | undefined {
  return READERS[mediaType];
}
