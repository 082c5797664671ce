import type { ZipPackage } from "../archive/zip-package.ts";
import type { Reading } from "../reading.ts";
import { decodeBytes } from "../text/charset.ts";
import { refuseEntities } from "../text/xml.ts";
import { toProblem, Unreadable } from "../unreadable.ts";
import { odfXmlToText } from "./odf-xml.ts";

const SKIPPED = /^(META-INF\/|Configurations2\/|Thumbnails\/|mimetype$|settings\.xml$|layout-cache$|manifest\.rdf$)/;

/** OpenDocument: text, sheets, slides with notes and masters, properties; embedded objects and pictures as members. */
export async function readOdf(reading: Reading, zip: ZipPackage): Promise<void> {
  const manifest = zip.read("META-INF/manifest.xml");
  if (manifest?.includes("encryption-data") === true)
    throw new Unreadable("encrypted", "the document needs a password");
  for (const name of zip.names) {
    reading.budget.checkTime();
    if (name.endsWith("/") || SKIPPED.test(name)) continue;
    if (!name.endsWith(".xml")) {
      await reading.member({ name, open: () => zip.read(name) ?? Buffer.alloc(0) });
      continue;
    }
    try {
      const source = decodeBytes(zip.read(name) ?? Buffer.alloc(0), "utf-8").text;
      emitOdf(reading, source);
      refuseEntities(source);
    } catch (error) {
      const { code, detail } = toProblem(error);
      reading.problem(code, detail);
    }
  }
}

/** One XML stream of OpenDocument, also the single one of a flat document. */
export function emitOdf(reading: Reading, source: string): void {
  const { prose, rows, cut } = odfXmlToText(source, reading.budget);
  if (prose !== "") reading.text(prose);
  if (rows !== "") reading.text(rows, { layout: "table" });
  if (cut) reading.problem("too-large", "the document repeats cells or spaces more often than is read");
}
