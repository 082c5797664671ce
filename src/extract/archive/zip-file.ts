import { readOdf } from "../office/odf.ts";
import { isOfficePackage, readOfficePackage } from "../office/ooxml.ts";
import { displayName } from "../part-name.ts";
import type { FileContent, Reading } from "../reading.ts";
import { Unreadable } from "../unreadable.ts";
import { readMembersWithSevenZip, type SevenZipFilter } from "./seven-zip.ts";
import { readZipDirectory } from "./zip-directory.ts";
import { isPlainMethod, readZipEntry } from "./zip-entry.ts";
import { openZip, type ZipPackage } from "./zip-package.ts";

/** A zip, or one of the documents that are zips inside: OOXML and ODF are read as documents, all others as archives. */
export async function readZipFile(reading: Reading): Promise<void> {
  const directory = readZipDirectory(reading.file.bytes, reading.budget);
  const zip = openZip(reading, directory);
  for (const fault of directory.faults) {
    reading.problem(fault.includes("share") ? "too-large" : "corrupt", `the archive is damaged: ${fault}`);
  }
  if (directory.entries.length === 0) {
    if (!isEmptyArchive(reading.file)) throw new Unreadable("corrupt", "the archive has no readable member");
    return;
  }
  if (isOfficePackage(zip)) await readOfficePackage(reading, zip);
  else if (isOpenDocument(zip)) await readOdf(reading, zip);
  else await readArchive(reading, zip);
}

/** An end record alone (PKWARE APPNOTE 4.3.16) is an empty archive, but no document. */
function isEmptyArchive({ bytes, name }: FileContent): boolean {
  const isDocument = /\.(do[ct][xm]|xl[st][xm]|xlsb|pp[ts][xm]|o[dt][tspg]|epub)$/i.test(name ?? "");
  return bytes.length === 22 && bytes.toString("latin1", 0, 4) === "PK\x05\x06" && !isDocument;
}

function isOpenDocument(zip: ZipPackage): boolean {
  return (
    zip.names.includes("content.xml") && (zip.names.includes("META-INF/manifest.xml") || zip.names.includes("mimetype"))
  );
}

async function readArchive(reading: Reading, zip: ZipPackage): Promise<void> {
  const { bytes } = reading.file;
  const foreign: string[] = [];
  for (const entry of zip.entries) {
    reading.budget.checkTime();
    if (entry.name.endsWith("/") && entry.size === 0) continue;
    if (entry.symlink) {
      // The target is the content of a link; it is text and never followed.
      reading.text(entry.name, { origin: "metadata" });
      continue;
    }
    if (!isPlainMethod(entry)) {
      foreign.push(entry.name);
      continue;
    }
    await reading.member({
      name: entry.name,
      size: entry.size,
      open: () => {
        const data = readZipEntry(bytes, entry, reading.budget, reading.passwords);
        if (data.unlocked) reading.unlocked(displayName(entry.name));
        if (data.fault !== null) reading.problem("corrupt", data.fault, displayName(entry.name));
        return data.bytes;
      },
    });
  }
  if (foreign.length === 0) return;
  const filter: SevenZipFilter = (name) => foreign.includes(name);
  await readMembersWithSevenZip(reading, filter);
}
