import { readFileSync } from "node:fs";
import { basename } from "node:path";
import {
  addFingerprint,
  type ExactDataColumns,
  listKnownData,
  loadExactData,
  removeKnownData,
} from "../cli/known-data.ts";
import { PosternError } from "../core/errors.ts";
import { extract } from "../extract/extract.ts";
import { DEFAULT_LIMITS } from "../extract/limits.ts";
import { outputLine } from "./command-line.ts";
import { fileTrouble, readText } from "./read-text.ts";
import { serviceClient } from "./service-client.ts";

export function load(name: string, file: string, columns: ExactDataColumns): Promise<0> {
  return loadExactData(name, readText(file), columns, serviceClient(), outputLine);
}

/** The document is read here, as attachments of mail are read; the service gets its text. */
export async function add(
  name: string,
  file: string,
  options: { readonly threshold?: number; readonly document?: string },
): Promise<0> {
  const { parts } = await extract(
    { bytes: bytesOf(file), name: basename(file), as: "file" },
    { limits: DEFAULT_LIMITS },
    new AbortController().signal,
  );
  const text = parts
    .filter(({ origin }) => origin !== "metadata")
    .map((part) => part.text)
    .join("\n");
  const { threshold, document = basename(file) } = options;
  return addFingerprint(
    name,
    { document, text, ...(threshold === undefined ? {} : { threshold }) },
    serviceClient(),
    outputLine,
  );
}

export function list(kind: "exact-data" | "fingerprints"): Promise<0> {
  return listKnownData(kind, serviceClient(), outputLine);
}

export function remove(kind: "exact-data" | "fingerprints", name: string, document?: string): Promise<0> {
  return removeKnownData(kind, name, document, serviceClient(), outputLine);
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new PosternError("REQUEST_INVALID", `${file}: cannot be read: ${fileTrouble(error)}`);
  }
}
