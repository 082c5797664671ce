import type { Reading } from "../reading.ts";
import { decodeBytes } from "../text/charset.ts";
import { Unreadable } from "../unreadable.ts";
import { type CfbEntry, findEntry } from "./cfb.ts";
import { inflateWithin } from "./inflate-within.ts";
import { signed } from "./people.ts";

/** Record types of MS-PPT 2.13.24. */
const TEXT_CHARS = 0x0fa0;
const TEXT_BYTES = 0x0fa8;
const CSTRING = 0x0fba;
const OLE_OBJECT = 0x1011;
const CRYPT_SESSION = 0x2f14;
/** Data of later versions (`___PPT10`) and of other programs: an atom that mostly holds records. */
const BINARY_TAG_DATA = 0x138b;
const COMMENT = 0x2ee0;
const CONTAINER = 0x0f;
const MAX_DEPTH = 64;

/** PowerPoint 97 to 2003: text of slides, masters and notes, comments, file names, embedded objects. */
export async function readPowerPointBinary(reading: Reading, root: CfbEntry, bytes: Buffer): Promise<void> {
  if (findEntry(root, "EncryptedSummary") !== undefined) {
    throw new Unreadable("encrypted", "the presentation needs a password");
  }
  const lines: string[] = [];
  const objects: (() => Buffer)[] = [];
  let encrypted = false;
  let damaged = false;

  const walk = (start: number, end: number, depth: number, certain: boolean): void => {
    let at = start;
    while (at + 8 <= end) {
      reading.budget.checkTime();
      const version = bytes.readUInt16LE(at) & 0x0f;
      const type = bytes.readUInt16LE(at + 2);
      const length = bytes.readUInt32LE(at + 4);
      const body = at + 8;
      const bodyEnd = Math.min(end, body + length);
      if (body + length > end && certain) damaged = true;
      const content = bytes.subarray(body, bodyEnd);
      if (type === CRYPT_SESSION) encrypted = true;
      else if (type === TEXT_CHARS || type === CSTRING) lines.push(content.toString("utf16le"));
      else if (type === TEXT_BYTES) lines.push(decodeBytes(content, "windows-1252").text);
      else if (type === OLE_OBJECT) {
        const instance = bytes.readUInt16LE(at) >>> 4;
        objects.push(() => unpackObject(content, instance, reading));
      } else if (type === COMMENT) lines.push(commentText(content));
      else if (depth < MAX_DEPTH && type === BINARY_TAG_DATA) walk(body, bodyEnd, depth + 1, false);
      else if (depth < MAX_DEPTH && version === CONTAINER) walk(body, bodyEnd, depth + 1, certain);
      at = body + length;
    }
  };
  try {
    walk(0, bytes.length, 0, true);
  } finally {
    const text = lines
      .map((line) => line.replace(/[\r\v]/g, "\n").trim())
      .filter((line) => line !== "" && !/^___PPT\d+$/.test(line))
      .join("\n");
    if (text !== "" && !encrypted) reading.text(text);
  }
  if (encrypted) throw new Unreadable("encrypted", "the presentation needs a password");
  if (damaged) reading.problem("corrupt", "the presentation's records are damaged");
  for (const [index, open] of objects.entries()) await reading.member({ name: `object${index + 1}.bin`, open });
}

/** A comment (2.4.16.11): its strings are the author, the text and the initials, told apart by their instance. */
function commentText(content: Buffer): string {
  const strings = ["", "", ""];
  for (let at = 0; at + 8 <= content.length; at += 8 + content.readUInt32LE(at + 4)) {
    const instance = content.readUInt16LE(at) >>> 4;
    if (content.readUInt16LE(at + 2) !== CSTRING || instance > 2) continue;
    strings[instance] = content.toString("utf16le", at + 8, at + 8 + content.readUInt32LE(at + 4));
  }
  const [author = "", text = "", initials = ""] = strings;
  return `${signed(author, initials)}\n${text}`;
}

/** Instance 1 is compressed: four bytes of size, then zlib. */
function unpackObject(content: Buffer, instance: number, reading: Reading): Buffer {
  return instance === 1 ? inflateWithin(reading, content.subarray(4)) : content;
}
