import type { Reading } from "../reading.ts";
import { signatureType } from "../signatures.ts";
import { decodeBytes } from "../text/charset.ts";
import { type CfbEntry, findEntry } from "./cfb.ts";

/** Storages of embedded objects may hold objects again; deeper ones are no work of people. */
const MAX_DEPTH = 16;

/** Objects embedded in a compound file: packaged files, documents as storages, OOXML packages. */
export async function readOleObjects(
  reading: Reading,
  storage: CfbEntry,
  readDocument: (storage: CfbEntry) => Promise<void>,
  depth = 0,
): Promise<void> {
  const native = findEntry(storage, "\x01Ole10Native");
  if (native?.kind === "stream") await readNative(reading, native.read());
  for (const name of ["Package", "CONTENTS"]) {
    const packed = findEntry(storage, name);
    if (packed?.kind === "stream" && (depth > 0 || native === undefined)) {
      const content = packed.read();
      const label = depth > 0 ? storage.name : name.toLowerCase();
      await reading.member({ name: `${label}.${endingOf(content)}`, open: () => content });
    }
  }
  if (depth >= MAX_DEPTH) {
    if (storage.children.some(({ kind }) => kind === "storage")) reading.problem("too-deep", "objects within objects");
    return;
  }
  for (const child of storage.children) {
    if (child.kind !== "storage" || /^(VBA|Macros|_VBA_PROJECT_CUR|MsoDataStore|__.*)$/i.test(child.name)) continue;
    const document = [
      "WordDocument",
      "Workbook",
      "Book",
      "PowerPoint Document",
      "__properties_version1.0",
      "EncryptedPackage",
    ];
    if (document.some((name) => findEntry(child, name) !== undefined)) await readDocument(child);
    else await readOleObjects(reading, child, readDocument, depth + 1);
  }
}

/** Endings of the kinds that programs embed; a storage has a name, but no ending. */
const ENDINGS: ReadonlyMap<string, string> = new Map([
  ["application/pdf", "pdf"],
  ["application/rtf", "rtf"],
  ["application/zip", "zip"],
  ["application/x-ole-storage", "ole"],
  ["image/bmp", "bmp"],
  ["image/emf", "emf"],
  ["image/jpeg", "jpg"],
  ["image/png", "png"],
]);

function endingOf(content: Buffer): string {
  return ENDINGS.get(signatureType(content) ?? "") ?? "bin";
}

/** A file that was dragged into a document (MS-OLEDS 2.3.6, and the undocumented inside of packages). */
async function readNative(reading: Reading, bytes: Buffer): Promise<void> {
  let at = 6;
  const text = () => {
    const end = bytes.indexOf(0, at);
    const value = decodeBytes(bytes.subarray(at, end === -1 ? bytes.length : end), null).text;
    at = end === -1 ? bytes.length : end + 1;
    return value;
  };
  if (bytes.length < 8) return;
  if (bytes.readUInt16LE(4) !== 2) {
    await reading.member({ name: "object.bin", open: () => bytes.subarray(4) });
    return;
  }
  const label = text();
  text();
  at += 4;
  const pathLength = at + 4 <= bytes.length ? bytes.readUInt32LE(at) : 0;
  at += 4 + pathLength;
  const size = at + 4 <= bytes.length ? bytes.readUInt32LE(at) : 0;
  const content = bytes.subarray(at + 4, Math.min(bytes.length, at + 4 + size));
  await reading.member({ name: label || "object.bin", open: () => content });
  if (content.length < size) reading.problem("corrupt", "an embedded file is cut off");
}
