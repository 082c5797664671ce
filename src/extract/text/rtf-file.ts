import type { Reading } from "../reading.ts";
import { rtfToText } from "./rtf-text.ts";

/** RTF documents. Objects and pictures in them are members. */
export async function readRtf(reading: Reading): Promise<void> {
  const { text, objects, open } = rtfToText(reading.file.bytes.toString("latin1"), reading.budget);
  if (text !== "") reading.text(text);
  if (open) reading.problem("corrupt", "the document ends in the middle");
  for (const [index, object] of objects.entries()) {
    const { bytes, name } = unwrap(object);
    await reading.member({ name: name ?? `object${index + 1}.bin`, open: () => bytes });
  }
}

/** Object data begins with an OLE 1.0 header: version, format, class, topic and item names, size (MS-OLEDS 2.2.5). */
function unwrap(object: Buffer): { readonly bytes: Buffer; readonly name: string | null } {
  if (object.length < 12 || object.readUInt32LE(0) !== 0x0501) return { bytes: object, name: null };
  let at = 8;
  for (let index = 0; index < 3 && at + 4 <= object.length; index += 1) at += 4 + object.readUInt32LE(at);
  if (at + 4 > object.length) return { bytes: object, name: null };
  const size = object.readUInt32LE(at);
  const content = object.subarray(at + 4, at + 4 + size);
  // A dragged file: two bytes, then label and path.
  if (content.length > 8 && content.readUInt16LE(0) === 2) {
    const end = content.indexOf(0, 2);
    if (end !== -1) return { bytes: dragged(content, end), name: content.toString("latin1", 2, end) || null };
  }
  return { bytes: content, name: null };
}

function dragged(content: Buffer, labelEnd: number): Buffer {
  const pathEnd = content.indexOf(0, labelEnd + 1);
  const at = pathEnd + 5;
  if (pathEnd === -1 || at + 4 > content.length) return content;
  const dataAt = at + 4 + content.readUInt32LE(at);
  if (dataAt + 4 > content.length) return content;
  return content.subarray(dataAt + 4, dataAt + 4 + content.readUInt32LE(dataAt));
}
