import { readerFor } from "../readers.ts";
import type { LeafSink, Member, Reading } from "../reading.ts";
import { signatureType } from "../signatures.ts";
import { looksLikeText } from "../text/charset.ts";
import { readBodyText } from "./body.ts";
import type { Entity, TransferEncoding } from "./entity.ts";
import { noteDriveFiles } from "./kept-elsewhere.ts";
import { decodeBase64, decodeQuotedPrintable } from "./transfer.ts";
import type { MimeNode } from "./tree.ts";
import { decodeUuencoded } from "./uuencode.ts";
import { decodeYenc } from "./yenc.ts";

type Task = () => Promise<void>;

/** Types that mail programs show as part of the message, or that are nothing but text about it. */
const TEXT_REPORTS = new Set([
  "message/delivery-status",
  "message/global-delivery-status",
  "message/disposition-notification",
  "message/feedback-report",
  "message/rfc822-headers",
]);

/** Reads one leaf of a message: text bodies at once, attachments as tasks for later. */
export function readLeaf(reading: Reading, node: MimeNode, ordinal: number, digest: LeafSink): readonly Task[] {
  const { entity } = node;
  const isMessage = /^message\/(rfc822|global|news)$/.test(entity.mediaType);
  const inBody = isBodyText(entity);
  const name = entity.name ?? (inBody ? "body" : unnamed(entity.mediaType, ordinal));
  for (const note of node.notes) reading.problem(note.code, note.detail, inBody ? "body" : memberPath(name));
  if (entity.stray.length > 0) reading.text(entity.stray.join("\n"), { at: "body", origin: "header" });
  if (entity.mediaType === "message/partial") {
    reading.problem("unreachable", "one piece of a message that was sent in several", "body");
  }
  if (entity.mediaType === "message/external-body") {
    reading.problem("unreachable", "the content is kept elsewhere", "body");
  }
  const tasks: Task[] = [];
  const seen: Buffer[] = [];
  for (const content of readings(node)) {
    if (content.bytes.length === 0 || seen.some((other) => other.equals(content.bytes))) continue;
    seen.push(content.bytes);
    if (!content.sound) {
      reading.problem("corrupt", "its transfer encoding is damaged", inBody ? "body" : memberPath(name));
    }
    if (inBody) {
      noteDriveFiles(reading, entity.mediaType, content.bytes);
      tasks.push(...readBodyText(reading, entity, content.bytes, digest));
      if (!looksLikeData(content.bytes)) continue;
      reading.problem("corrupt", "a text that holds data", "body");
      // Mail programs show it as text, whatever it is. Where it also is a file that can be read, its content counts too.
      if (readerFor(signatureType(content.bytes) ?? "") === undefined) continue;
    } else if (!isMessage) digest(content.bytes);
    const member: Member = {
      name,
      declaredType: entity.mediaType,
      charset: entity.charset,
      size: content.bytes.length,
      open: () => content.bytes,
    };
    tasks.push(() => reading.member(member));
  }
  // An empty file says nothing, but its name does, and a document of no bytes is a damaged one.
  if (seen.length === 0 && !inBody) {
    const empty = { name, declaredType: entity.mediaType, size: 0, open: () => Buffer.alloc(0) };
    tasks.push(() => reading.member(empty));
  }
  return tasks;
}

/** Tab, line feed, form feed, carriage return, and the escape of ISO-2022. */
const TEXT_CONTROLS = new Set([9, 10, 12, 13, 27]);

/** Text has few control characters, and none in the signature of a file that it happens to begin like. */
function looksLikeData(bytes: Buffer): boolean {
  if (!looksLikeText(bytes)) return true;
  return signatureType(bytes) !== null && bytes.subarray(0, 8).some((byte) => byte < 32 && !TEXT_CONTROLS.has(byte));
}

function isBodyText(entity: Entity): boolean {
  if (TEXT_REPORTS.has(entity.mediaType)) return true;
  if (/^message\/(partial|external-body)$/.test(entity.mediaType)) return true;
  if (entity.mediaType.startsWith("multipart/")) return true;
  return entity.mediaType.startsWith("text/") && entity.name === null && !entity.attachment;
}

/** The decoded content, in every reading that the header allows. */
function readings(node: MimeNode): { readonly bytes: Buffer; readonly sound: boolean }[] {
  const { encodings } = node.entity;
  if (encodings.length > 0) {
    const decoded = encodings.map((encoding) => decode(node.body, encoding));
    // What claims an encoding and does not have it is also read as it stands.
    const doubtful = decoded.some(({ sound }) => !sound) && node.body.length < DOUBTFUL_BYTES;
    return doubtful && !encodings.includes("identity") ? [...decoded, { bytes: node.body, sound: true }] : decoded;
  }
  // An unknown encoding: as it stands, and as what it looks like.
  const asIs = { bytes: node.body, sound: false };
  return looksLikeBase64(node.body) ? [asIs, decode(node.body, "base64")] : [asIs];
}

/** Larger bodies that are damaged are attachments; their encoded form says nothing. */
const DOUBTFUL_BYTES = 64 * 1024;

function decode(body: Buffer, encoding: TransferEncoding): { readonly bytes: Buffer; readonly sound: boolean } {
  switch (encoding) {
    case "identity":
      return { bytes: body, sound: true };
    case "base64":
      return decodeBase64(body);
    case "quoted-printable":
      return { bytes: decodeQuotedPrintable(body), sound: true };
    case "uuencode":
      return decodeUuencoded(body) ?? { bytes: body, sound: false };
    case "yenc":
      return decodeYenc(body) ?? { bytes: body, sound: false };
  }
}

function looksLikeBase64(body: Buffer): boolean {
  return body.length >= 16 && /^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(body.toString("latin1", 0, 1024 * 1024));
}

function memberPath(name: string): string {
  return `attachment:${name}`;
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  "message/rfc822": "eml",
  "message/global": "eml",
  "message/news": "eml",
  "application/ms-tnef": "dat",
  "application/pkcs7-mime": "p7m",
  "application/x-pkcs7-mime": "p7m",
  "application/pkcs7-signature": "p7s",
  "application/x-pkcs7-signature": "p7s",
  "text/calendar": "ics",
  "text/plain": "txt",
};

function unnamed(mediaType: string, ordinal: number): string {
  const subtype = /\/(?:x-)?([a-z0-9]{1,8})$/.exec(mediaType)?.[1] ?? "bin";
  return `part-${ordinal}.${EXTENSIONS[mediaType] ?? subtype}`;
}
