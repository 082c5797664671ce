const OOXML = "application/vnd.openxmlformats-officedocument";
const ODF = "application/vnd.oasis.opendocument";

/** Documents that are zips, by a part that only they have. */
const BY_PART: readonly (readonly [part: string, type: string])[] = [
  ["word/", `${OOXML}.wordprocessingml.document`],
  ["xl/", `${OOXML}.spreadsheetml.sheet`],
  ["ppt/", `${OOXML}.presentationml.presentation`],
];

export const ZIP_DOCUMENT_TYPES: readonly string[] = [
  ...BY_PART.map(([, type]) => type),
  `${ODF}.text`,
  `${ODF}.spreadsheet`,
  `${ODF}.presentation`,
  "application/epub+zip",
];

/** How far the directory's end is looked through. Bytes. */
const DIRECTORY_SEARCH = 256 * 1024;

/** The type of a document that is a zip inside, null for other zips. Only names it: the reader looks for itself. */
export function zipDocumentType(bytes: Buffer): string | null {
  // ODF and EPUB begin with a stored member that says the type (ODF 1.3 Part 2, 3.3).
  const declared = /^mimetype(application\/[\w.+-]+)/.exec(bytes.toString("latin1", 30, 130))?.[1];
  if (declared !== undefined) return ZIP_DOCUMENT_TYPES.find((type) => declared.startsWith(type)) ?? null;
  const names = bytes.subarray(Math.max(0, bytes.length - DIRECTORY_SEARCH));
  if (!names.includes("[Content_Types].xml")) return null;
  return BY_PART.find(([part]) => names.includes(part))?.[1] ?? null;
}
