import type { Reading } from "../reading.ts";
import { decodeBytes } from "../text/charset.ts";
import { type CfbEntry, findEntry } from "./cfb.ts";

const STREAMS = ["\x05SummaryInformation", "\x05DocumentSummaryInformation"];
const VT_LPSTR = 30;
const VT_LPWSTR = 31;
const VT_VARIANT_VECTOR = 0x100c;
const VT_LPSTR_VECTOR = 0x101e;
/** A set with more properties is damaged. */
const MAX_PROPERTIES = 10_000;

/** Title, author, comments and the user's own properties of a document (MS-OLEPS). */
export function readPropertySets(reading: Reading, root: CfbEntry): void {
  const texts = STREAMS.flatMap((name) => {
    const stream = findEntry(root, name);
    return stream === undefined ? [] : propertyTexts(stream.read());
  });
  const text = [...new Set(texts)].join("\n");
  if (text !== "") reading.text(text, { origin: "metadata" });
}

/** All strings of a property set stream; one that is damaged gives those before the damage. */
export function propertyTexts(bytes: Buffer): string[] {
  const texts: string[] = [];
  try {
    const sets = Math.min(8, bytes.readUInt32LE(24));
    for (let set = 0; set < sets; set += 1) {
      const start = bytes.readUInt32LE(28 + set * 20 + 16);
      const count = Math.min(MAX_PROPERTIES, bytes.readUInt32LE(start + 4));
      for (let index = 0; index < count; index += 1) {
        texts.push(...propertyValue(bytes, start + bytes.readUInt32LE(start + 12 + index * 8)));
      }
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return texts.map((text) => text.replace(/\0+$/g, "").trim()).filter((text) => text !== "");
}

function propertyValue(bytes: Buffer, at: number): string[] {
  const type = bytes.readUInt32LE(at);
  if (type === VT_LPSTR || type === VT_LPWSTR) return [stringAt(bytes, at + 4, type).text];
  if (type !== VT_LPSTR_VECTOR && type !== VT_VARIANT_VECTOR) return [];
  const texts: string[] = [];
  const count = Math.min(MAX_PROPERTIES, bytes.readUInt32LE(at + 4));
  let position = at + 8;
  for (let index = 0; index < count; index += 1) {
    let element = VT_LPSTR;
    if (type === VT_VARIANT_VECTOR) {
      element = bytes.readUInt32LE(position);
      position += 4;
      if (element !== VT_LPSTR && element !== VT_LPWSTR) {
        position += 4;
        continue;
      }
    }
    const value = stringAt(bytes, position, element);
    texts.push(value.text);
    position = value.end;
  }
  return texts;
}

function stringAt(bytes: Buffer, at: number, type: number): { text: string; end: number } {
  const length = bytes.readUInt32LE(at);
  const size = type === VT_LPWSTR ? length * 2 : length;
  const content = bytes.subarray(at + 4, at + 4 + size);
  const text = type === VT_LPWSTR ? content.toString("utf16le") : decodeBytes(Buffer.from(content), null).text;
  return { text, end: at + 4 + size };
}
