import type { Reading } from "../reading.ts";
import { decodeBytes } from "../text/charset.ts";
import { Unreadable } from "../unreadable.ts";
import { emitItem, MAPI, type MapiProperties } from "./mapi.ts";
import { readMapiStream } from "./tnef-properties.ts";

/** Attributes of MS-OXTNEF 2.1.3.2. */
const SUBJECT = 0x00018004;
const BODY = 0x0002800c;
const MESSAGE_PROPERTIES = 0x00069003;
const CODE_PAGE = 0x00069007;
const ATTACH_START = 0x00069002;
const ATTACH_TITLE = 0x00018010;
const ATTACH_DATA = 0x0006800f;
const ATTACH_PROPERTIES = 0x00069005;

interface TnefAttachment {
  title: string | null;
  data: Buffer | null;
  properties: MapiProperties | null;
}

/** Outlook's winmail.dat (TNEF): the mail's text in all its forms, and its attachments. */
export async function readTnef(reading: Reading): Promise<void> {
  const { bytes } = reading.file;
  const attachments: TnefAttachment[] = [];
  let codePage: string | null = null;
  let cut = false;
  let at = 6;
  while (at + 9 <= bytes.length) {
    reading.budget.checkTime();
    const id = bytes.readUInt32LE(at + 1);
    const length = bytes.readUInt32LE(at + 5);
    const data = bytes.subarray(at + 9, at + 9 + length);
    if (data.length < length) cut = true;
    const current = attachments.at(-1);
    if (id === CODE_PAGE && data.length >= 4) codePage = `cp${data.readUInt32LE(0)}`;
    else if (id === SUBJECT) emitText(reading, data, codePage, "subject");
    else if (id === BODY) emitText(reading, data, codePage, "body");
    else if (id === MESSAGE_PROPERTIES) await emitItem(reading, safely(reading, data, codePage));
    else if (id === ATTACH_START) attachments.push({ title: null, data: null, properties: null });
    else if (current !== undefined && id === ATTACH_TITLE) current.title = decodeBytes(untilNul(data), codePage).text;
    else if (current !== undefined && id === ATTACH_DATA) current.data = data;
    else if (current !== undefined && id === ATTACH_PROPERTIES) current.properties = safely(reading, data, codePage);
    at += 9 + length + 2;
  }
  for (const [index, attachment] of attachments.entries()) await readAttachment(reading, attachment, index + 1);
  if (cut) throw new Unreadable("corrupt", "the file is cut off");
}

async function readAttachment(reading: Reading, attachment: TnefAttachment, ordinal: number): Promise<void> {
  const { properties } = attachment;
  const name =
    properties?.texts.get(MAPI.attachLongName) ??
    attachment.title ??
    properties?.texts.get(MAPI.attachName) ??
    `attachment-${ordinal}`;
  const embedded = properties?.binaries.get(MAPI.attachData);
  // An embedded item stands behind its interface id; it is TNEF or a compound file again.
  const data = embedded !== undefined && embedded.length > 16 ? embedded.subarray(16) : attachment.data;
  if (data === null || data === undefined) {
    reading.problem("corrupt", "an attachment has no data");
    return;
  }
  await reading.member({ name, declaredType: properties?.texts.get(MAPI.attachMime) ?? null, open: () => data });
}

function emitText(reading: Reading, data: Buffer, codePage: string | null, at: "subject" | "body"): void {
  const { text } = decodeBytes(untilNul(data), codePage);
  if (text.trim() !== "") reading.text(text, { at, origin: at });
}

function untilNul(data: Buffer): Buffer {
  const end = data.indexOf(0);
  return end === -1 ? data : data.subarray(0, end);
}

function safely(reading: Reading, data: Buffer, codePage: string | null): MapiProperties {
  const { properties, damaged } = readMapiStream(data, codePage);
  if (damaged) reading.problem("corrupt", "its properties are damaged");
  return properties;
}
