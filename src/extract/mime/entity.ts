import { decodeHeaderText } from "./encoded-word.ts";
import type { RawField } from "./header-block.ts";
import { readParameters } from "./parameters.ts";
import { transferEncoding } from "./transfer.ts";

export type TransferEncoding = NonNullable<ReturnType<typeof transferEncoding>>;

/** What the header of a message or part says about its body. */
export interface Entity {
  readonly fields: readonly RawField[];
  readonly stray: readonly string[];
  /** Declared, lower case; the default of its surroundings when nothing is declared. */
  readonly mediaType: string;
  readonly typeDeclared: boolean;
  readonly boundary: string | null;
  readonly charset: string | null;
  /** File name from either header, decoded; null when there is none. */
  readonly name: string | null;
  readonly attachment: boolean;
  readonly flowed: boolean;
  readonly deleteSpace: boolean;
  readonly smimeType: string | null;
  /** Encodings that the header names, the first one first. Empty: an encoding that nobody knows. */
  readonly encodings: readonly TransferEncoding[];
  /** Says how the header contradicts itself. */
  readonly contradiction: string | null;
}

export function readEntity(fields: readonly RawField[], stray: readonly string[], defaultType: string): Entity {
  const types = values(fields, "content-type").map(readParameters);
  const disposition = values(fields, "content-disposition").map(readParameters)[0];
  const rawEncodings = values(fields, "content-transfer-encoding");
  // A multipart among several declarations shows more than the others.
  const type = types.find((candidate) => candidate.value.startsWith("multipart/")) ?? types[0];
  const declared = type?.value.replace(/\s+/g, "") ?? "";
  const wellFormed = /^[\w.+-]+\/[\w.+-]+$/.test(declared);
  const encodings: TransferEncoding[] = [];
  for (const raw of rawEncodings.length === 0 ? [""] : rawEncodings) {
    const encoding = transferEncoding(raw);
    if (encoding !== null && !encodings.includes(encoding)) encodings.push(encoding);
  }
  const name = [
    disposition?.parameters.get("filename"),
    type?.parameters.get("name"),
    disposition?.parameters.get("name"),
    type?.parameters.get("filename"),
    values(fields, "content-description").map(decodeHeaderText).find(looksLikeFileName),
    // `name="a.zip"` at the start of a line: the folding white space was lost.
    stray.map((line) => /^\s*(?:file)?name\s*=\s*"?([^";]+)"?/i.exec(line)?.[1]).find((found) => found !== undefined),
  ].find((candidate) => candidate !== undefined && candidate.trim() !== "");
  return {
    fields,
    stray,
    mediaType: wellFormed ? declared : wellFormedGuess(declared, defaultType),
    typeDeclared: wellFormed,
    boundary: type?.parameters.get("boundary") ?? null,
    charset: type?.parameters.get("charset") ?? null,
    name: name?.trim() ?? null,
    attachment: disposition?.value === "attachment",
    flowed: type?.parameters.get("format")?.toLowerCase() === "flowed",
    deleteSpace: type?.parameters.get("delsp")?.toLowerCase() === "yes",
    smimeType: type?.parameters.get("smime-type")?.toLowerCase() ?? null,
    encodings,
    contradiction: contradiction(types, rawEncodings),
  };
}

function contradiction(types: readonly { readonly value: string }[], encodings: readonly string[]): string | null {
  if (new Set(types.map((type) => type.value)).size > 1) return "several Content-Type fields that differ";
  if (new Set(encodings.map(transferEncoding)).size > 1) return "several Content-Transfer-Encoding fields that differ";
  return null;
}

function wellFormedGuess(declared: string, defaultType: string): string {
  if (declared === "text" || declared.startsWith("text/"))
    return declared.includes("html") ? "text/html" : "text/plain";
  if (declared.startsWith("multipart")) return "multipart/mixed";
  return declared === "" ? defaultType : "application/octet-stream";
}

function looksLikeFileName(text: string): boolean {
  return /^[^\n]{1,100}\.[a-z0-9]{1,5}$/i.test(text);
}

function values(fields: readonly RawField[], name: string): string[] {
  return fields.filter((field) => field.name === name).map((field) => field.value);
}
