import type { Reading } from "../reading.ts";
import { toProblem, Unreadable } from "../unreadable.ts";
import { type CfbEntry, findEntry, openCfb } from "./cfb.ts";
import { readWordBinary } from "./doc.ts";
import { readMsg } from "./msg.ts";
import { readArtPictures } from "./office-art.ts";
import { decryptPackage } from "./office-crypto.ts";
import { readOleObjects } from "./ole-objects.ts";
import { readPowerPointBinary } from "./ppt.ts";
import { readPropertySets } from "./property-set.ts";
import { readableStrings } from "./strings.ts";
import { readVbaProject } from "./vba.ts";
import { readExcelBinary } from "./xls.ts";
import { drawingGroup } from "./xls-records.ts";

/** Compound files: Word, Excel and PowerPoint to 2003, Outlook items, encrypted OOXML, embedded objects. */
export async function readOleFile(reading: Reading): Promise<void> {
  const root = openCfb(reading.file.bytes, reading.budget, () => reading.problem("corrupt", "a stream breaks off"));
  if (root.children.length === 0) throw new Unreadable("corrupt", "a compound file without content");
  await readOleStorage(reading, root);
}

/** One storage and the objects that are embedded in it. */
export async function readOleStorage(reading: Reading, root: CfbEntry): Promise<void> {
  const stream = (name: string) => findEntry(root, name);
  if (stream("EncryptedPackage") !== undefined) {
    const opened = decryptPackage(root, reading.passwords, reading.budget);
    if (opened === null) throw new Unreadable("encrypted", "the document needs a password");
    if (opened.unlocked) reading.unlocked();
    await reading.again("application/zip", opened.clear);
    return;
  }
  if (root.children.some(({ name }) => /DRMContent|DRMViewerContent/.test(name))) {
    throw new Unreadable("encrypted", "the document is protected by rights management");
  }
  if (stream("__properties_version1.0") !== undefined) {
    await readMsg(reading, root);
    return;
  }
  const steps: (() => void | Promise<void>)[] = [];
  const word = stream("WordDocument");
  const excel = stream("Workbook") ?? stream("Book");
  const slides = stream("PowerPoint Document");
  if (word !== undefined) steps.push(() => readWordBinary(reading, root, word));
  if (excel !== undefined) steps.push(() => readExcelBinary(reading, excel.read()));
  if (slides !== undefined) steps.push(() => readPowerPointBinary(reading, root, slides.read()));
  steps.push(() => readArtPictures(reading, pictureStreams(reading, root)));
  steps.push(() => readPropertySets(reading, root));
  steps.push(() => readVbaProject(reading, root));
  steps.push(() => readOleObjects(reading, root, (storage) => readOleStorage(reading, storage)));
  if (word === undefined && excel === undefined && slides === undefined) steps.push(() => readUnknown(reading, root));
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      reading.signal.throwIfAborted();
      const { code, detail } = toProblem(error);
      reading.problem(code, detail);
    }
  }
}

/** Where Word, Excel and PowerPoint keep pictures. */
function pictureStreams(reading: Reading, root: CfbEntry): Buffer[] {
  const workbook = findEntry(root, "Workbook");
  const streams = ["WordDocument", "Data", "Pictures"].map((name) => findEntry(root, name)?.read());
  return [...streams, workbook && drawingGroup(workbook.read(), reading.budget)].filter((bytes) => bytes !== undefined);
}

/** Streams that hold an embedded object or the settings of one; they are read elsewhere or say nothing. */
const KNOWN_STREAMS =
  /^(Ole10Native|CompObj|Ole|ObjInfo|OlePres\d*|EPRINT|LinkInfo|.*SummaryInformation|Package|CONTENTS|dir|VBA|PROJECT.*|_VBA_PROJECT.*)$/;

/** A program's own format (Publisher, Visio, Works, ...): its readable strings, and the word that it is not understood. */
function readUnknown(reading: Reading, root: CfbEntry): void {
  const unknown = unknownStreams(root, 0);
  const text = unknown
    .map((stream) => readableStrings(stream.read()))
    .join("\n")
    .trim();
  if (text !== "") reading.text(text);
  if (unknown.length > 0) reading.problem("unsupported", "a compound file of an unknown program");
}

function unknownStreams(storage: CfbEntry, depth: number): CfbEntry[] {
  return storage.children.flatMap((child) => {
    if (child.kind === "storage") return depth < 4 ? unknownStreams(child, depth + 1) : [];
    return KNOWN_STREAMS.test(child.name.replace(/^\p{Cc}/u, "")) ? [] : [child];
  });
}
