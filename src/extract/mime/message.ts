import type { MessageHead } from "../../core/message.ts";
import { findStrings, readableStrings } from "../office/strings.ts";
import type { LeafSink, Reading } from "../reading.ts";
import { signatureType } from "../signatures.ts";
import { decodeBytes, looksLikeText } from "../text/charset.ts";
import { takeEnclosures } from "./enclosures.ts";
import { differingFields, fieldPart, headerText, isScannedHeader, readHead, subjects } from "./head.ts";
import { noteConfidentialMode } from "./kept-elsewhere.ts";
import { readLeaf } from "./leaf.ts";
import { type MimeNode, readTree } from "./tree.ts";

/**
 * Reads a message (RFC 5322, MIME): head, scanned header fields, all text bodies, and its attachments as members.
 * Bodies go first: they may name the passwords of the attachments.
 */
export async function readMessage(reading: Reading, digest: LeafSink): Promise<MessageHead> {
  const { bytes } = reading.file;
  if (bytes.length === 0) reading.problem("corrupt", "it is empty", "body");
  const tree = readTree(bytes, 0, bytes.length, reading.budget, 0);
  const head = readHead(tree.entity.fields);
  for (const subject of subjects(tree.entity.fields)) reading.text(subject, { at: "subject", origin: "subject" });
  for (const name of differingFields(tree.entity.fields)) {
    reading.problem("corrupt", "several fields of this name that differ", fieldPart(name));
  }
  noteConfidentialMode(reading, tree.entity.fields);
  for (const field of tree.entity.fields) {
    if (!isScannedHeader(field.name)) continue;
    const text = headerText(field, tree.entity.fields);
    if (text.trim() !== "") reading.text(text, { at: fieldPart(field.name), origin: "header" });
  }
  if (isNoise(tree)) {
    // Given as a message, and neither head nor text: what looks like strings is scanned, but nothing was read.
    reading.text(readableStrings(tree.body), { at: "body", origin: "metadata" });
    reading.problem("corrupt", "it holds neither a header nor text", "body");
    return head;
  }
  const later: (() => Promise<void>)[] = [];
  let ordinal = 0;
  const visit = (node: MimeNode): void => {
    if (node.parts.length === 0) {
      ordinal += 1;
      later.push(...readLeaf(reading, node, ordinal, digest));
      return;
    }
    if (node.entity.mediaType === "multipart/encrypted") reading.problem("encrypted", "PGP/MIME", "body");
    for (const note of node.notes) reading.problem(note.code, note.detail, "body");
    if (node.entity.stray.length > 0) reading.text(node.entity.stray.join("\n"), { at: "body", origin: "header" });
    later.push(...readOutside(reading, node.body));
    for (const part of node.parts) visit(part);
  };
  visit(tree);
  for (const task of later) await task();
  return head;
}

/** Bytes without any field of a header that no text can be made out in. */
function isNoise({ entity, body }: MimeNode): boolean {
  if (entity.fields.length > 0 || entity.stray.length > 0 || body.length === 0 || looksLikeText(body)) return false;
  return signatureType(body) === null && !findStrings(body).meaningful;
}

/** Text before the first and after the last delimiter, which mail programs do not show. */
function readOutside(reading: Reading, outside: Buffer): (() => Promise<void>)[] {
  if (outside.length === 0 || !looksLikeText(outside)) {
    if (outside.length > 0) reading.problem("corrupt", "data outside of all parts", "body");
    return [];
  }
  const { rest, members } = takeEnclosures(reading, outside, "body");
  const decoded = decodeBytes(rest, null);
  if (decoded.other !== undefined) reading.text(decoded.other, { at: "body", origin: "body" });
  if (decoded.text.trim() !== "") reading.text(decoded.text.trim(), { at: "body", origin: "body" });
  return members.map((member) => () => reading.member(member));
}
