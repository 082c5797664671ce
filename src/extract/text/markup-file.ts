import { emitOfficeText } from "../office/emit-office-text.ts";
import { emitOdf } from "../office/odf.ts";
import { officeXmlToText } from "../office/office-xml.ts";
import type { Reading } from "../reading.ts";
import { decodeBytes } from "./charset.ts";
import { emitHtml } from "./html-part.ts";
import { limitedText } from "./limited.ts";
import { walkMarkup } from "./markup.ts";
import { refuseEntities, xmlToText } from "./xml.ts";

const META_CHARSET =
  /<meta[^>]{0,200}?charset\s*=\s*["']?([\w-]{2,40})|^<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w-]{2,40})/i;

/** XML of programs that write their documents as one file, or as pages in a zip. */
function readXml(reading: Reading, source: string): void {
  const head = source.slice(0, 16 * 1024);
  if (/<office:document[\s>-]/.test(head)) emitOdf(reading, source);
  else if (/<(\w+:)?(wordDocument|package)\s[^>]*schemas\.(microsoft\.com\/office|openxmlformats)/.test(head)) {
    emitOfficeText(reading, officeXmlToText(source, reading.budget));
  } else if (/<FixedPage[\s>]/.test(head)) reading.text(fixedPageText(source, reading));
  else reading.text(xmlToText(source, reading.budget));
}

/** A page of an XPS document (ECMA-388): glyph runs, those of one height on one line. */
function fixedPageText(source: string, reading: Reading): string {
  const output: string[] = [];
  let height = "";
  walkMarkup(source, true, reading.budget, {
    open(_name, attributes) {
      const link = attributes.get("FixedPage.NavigateUri");
      if (link !== undefined) output.push("\n", link);
      const text = attributes.get("UnicodeString");
      if (text === undefined) return;
      const origin = attributes.get("OriginY") ?? "";
      output.push(origin === height ? " " : "\n", text.replace(/^\{\}/, ""));
      height = origin;
    },
    close() {},
    text() {},
  });
  return output.join("").trim();
}

/** What the file says itself. UTF-16 cannot be said in single bytes, and browsers ignore it (WHATWG HTML 13.2.3.2). */
function innerCharset(bytes: Buffer): string | null {
  const match = META_CHARSET.exec(bytes.toString("latin1", 0, 2048));
  const name = match?.[1] ?? match?.[2] ?? null;
  return name === null || /^(utf-?(16|32)|ucs-|unicode)/i.test(name) ? null : name;
}

/** HTML, XML and SVG files. */
export async function readMarkupFile(reading: Reading): Promise<void> {
  const { bytes, charset } = reading.file;
  const decoded = decodeBytes(limitedText(reading, bytes), charset ?? innerCharset(bytes));
  if (decoded.other !== undefined) reading.text(decoded.other);
  if (!decoded.sound) reading.problem("corrupt", "its bytes do not fit the declared charset");
  if (reading.mediaType !== "text/html") {
    readXml(reading, decoded.text);
    refuseEntities(decoded.text);
    return;
  }
  for (const task of emitHtml(reading, decoded.text)) await task();
}
