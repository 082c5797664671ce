import type { Reading } from "../reading.ts";
import { decodeBytes } from "../text/charset.ts";
import { emitHtml } from "../text/html-part.ts";
import { rtfToText } from "../text/rtf-text.ts";
import { decompressRtf } from "./compressed-rtf.ts";

/** Properties of Outlook items (MS-OXPROPS), by their id. */
export const MAPI = {
  messageClass: 0x001a,
  subject: 0x0037,
  sentAt: 0x0039,
  headers: 0x007d,
  senderName: 0x0c1a,
  senderAddress: 0x0c1f,
  recipientType: 0x0c15,
  displayBcc: 0x0e02,
  displayCc: 0x0e03,
  displayTo: 0x0e04,
  body: 0x1000,
  rtf: 0x1009,
  html: 0x1013,
  messageId: 0x1035,
  displayName: 0x3001,
  address: 0x3003,
  attachData: 0x3701,
  attachName: 0x3704,
  attachMethod: 0x3705,
  attachLongName: 0x3707,
  attachMime: 0x370e,
  codePage: 0x3ffd,
  smtpAddress: 0x39fe,
  senderSmtp: 0x5d01,
  internetCodePage: 0x3fde,
} as const;

/** Values of one item: text decoded, binary as it is. */
export interface MapiProperties {
  readonly texts: ReadonlyMap<number, string>;
  readonly binaries: ReadonlyMap<number, Buffer>;
  readonly numbers: ReadonlyMap<number, number>;
}

/** What the body and the head cover already, and what programs write for themselves. */
const NO_TEXT = new Set<number>([
  MAPI.subject,
  MAPI.body,
  MAPI.headers,
  MAPI.html,
  MAPI.messageClass,
  MAPI.messageId,
  MAPI.senderAddress,
  MAPI.senderSmtp,
  MAPI.address,
  MAPI.smtpAddress,
  MAPI.displayTo,
  MAPI.displayCc,
  MAPI.displayBcc,
  MAPI.attachMime,
  0x0042,
  0x0044,
  0x0040,
  0x003b,
  0x003d,
  0x0e1d,
  0x0070,
  0x0064,
  0x0065,
  0x0075,
  0x0076,
  0x0077,
  0x0078,
  0x0c1e,
  0x3002,
  0x3703,
  0x1042,
  0x0c19,
  0x300b,
  0x1046,
  0x5d02,
  0x5d07,
  0x5d08,
  0x4038,
  0x4039,
  0x3ff8,
  0x3ffa,
  0x8000,
]);

/** Puts the text of an item into its part: all bodies and the other texts that people wrote. */
export async function emitItem(reading: Reading, item: MapiProperties): Promise<void> {
  const subject = item.texts.get(MAPI.subject) ?? "";
  if (subject !== "") reading.text(subject, { at: "subject", origin: "subject" });
  const body = { at: "body", origin: "body" } as const;
  const plain = item.texts.get(MAPI.body) ?? "";
  if (plain.trim() !== "") reading.text(plain, body);
  const html = item.binaries.get(MAPI.html);
  const markup = html === undefined ? (item.texts.get(MAPI.html) ?? "") : decodeBytes(html, codePage(item)).text;
  if (markup !== "") {
    for (const task of emitHtml(reading, markup, body)) await task();
  }
  const packed = item.binaries.get(MAPI.rtf);
  if (packed !== undefined) {
    const rtf = decompressRtf(packed, reading.budget.outputLimit(packed.length));
    if (rtf === null) reading.problem("corrupt", "its rich text cannot be unpacked", "body");
    else {
      const { text } = rtfToText(rtf.toString("latin1"), reading.budget);
      if (text !== "") reading.text(text.replace(/<[^<>]{0,2000}>/g, " "), body);
    }
  }
  const other = [...item.texts].filter(([id, text]) => !NO_TEXT.has(id) && text.trim() !== "").map(([, text]) => text);
  if (other.length > 0) reading.text([...new Set(other)].join("\n"), body);
}

function codePage(item: MapiProperties): string | null {
  const page = item.numbers.get(MAPI.internetCodePage) ?? item.numbers.get(MAPI.codePage);
  if (page === undefined) return null;
  return page === 65001 ? "utf-8" : `cp${page}`;
}
