import type { Reading } from "../reading.ts";
import { decodeBytes } from "../text/charset.ts";
import { Unreadable } from "../unreadable.ts";
import { type CfbEntry, findEntry } from "./cfb.ts";

const MAGIC = 0xa5ec;
/** Word 6 and 95; their text is 8-bit. */
const MAGIC_WORD6 = 0xa5dc;

/**
 * Word 97 to 2003 (MS-DOC 2.4.1), and 6/95: all text of the piece table, that is the body, notes, headers, comments and
 * text boxes, deleted text and field codes included.
 */
export function readWordBinary(reading: Reading, root: CfbEntry, stream: CfbEntry): void {
  const word = stream.read();
  if (word.length < 68) throw new Unreadable("corrupt", "the document's text is missing");
  const magic = word.readUInt16LE(0);
  const flags = word.readUInt16LE(10);
  if ((flags & 0x0100) !== 0) throw new Unreadable("encrypted", "the document needs a password");
  if (magic !== MAGIC && magic !== MAGIC_WORD6 && magic !== 0xa5db) {
    throw new Unreadable("corrupt", "not the header of a Word document");
  }
  const table = findEntry(root, (flags & 0x0200) !== 0 ? "1Table" : "0Table")?.read();
  const pieces = magic === MAGIC && table !== undefined ? pieceTable(word, table) : null;
  const text =
    pieces === null
      ? decodeBytes(word.subarray(word.readUInt32LE(24), Math.min(word.length, word.readUInt32LE(28))), "windows-1252")
          .text
      : pieces.map((piece) => pieceText(reading, word, piece)).join("");
  const fields = takeFieldCodes(text);
  const clean = cleanWordText(fields.text);
  if (clean !== "") reading.text(clean);
  const other = cleanWordText([...fields.codes, ...(table === undefined ? [] : tableStrings(word, table))].join("\r"));
  if (other !== "") reading.text(other);
  if (text.trim() === "") reading.problem("corrupt", "the document's text cannot be found");
}

interface Piece {
  readonly start: number;
  readonly characters: number;
  readonly compressed: boolean;
}

/** The piece table (2.8.35): which bytes of the stream are which characters. */
function pieceTable(word: Buffer, table: Buffer): Piece[] | null {
  if (word.length < 0x01aa) return null;
  const start = word.readUInt32LE(0x01a2);
  const end = Math.min(table.length, start + word.readUInt32LE(0x01a6));
  let at = start;
  // Property modifiers stand before the table.
  while (at + 3 <= end && table[at] === 1) at += 3 + table.readUInt16LE(at + 1);
  if (at + 5 > end || table[at] !== 2) return null;
  const size = table.readUInt32LE(at + 1);
  const count = Math.floor((size - 4) / 12);
  const pieces: Piece[] = [];
  const first = at + 5;
  for (let index = 0; index < count; index += 1) {
    const position = first + index * 4;
    const descriptor = first + (count + 1) * 4 + index * 8;
    if (descriptor + 8 > table.length) break;
    const raw = table.readUInt32LE(descriptor + 2);
    const compressed = (raw & 0x40000000) !== 0;
    const offset = raw & 0x3fffffff;
    const characters = table.readUInt32LE(position + 4) - table.readUInt32LE(position);
    if (characters < 0 || characters > word.length) break;
    pieces.push({ start: compressed ? offset / 2 : offset, characters, compressed });
  }
  return pieces;
}

function pieceText(reading: Reading, word: Buffer, piece: Piece): string {
  reading.budget.checkTime();
  const end = piece.start + piece.characters * (piece.compressed ? 1 : 2);
  const bytes = word.subarray(piece.start, Math.min(end, word.length));
  return piece.compressed ? decodeBytes(bytes, "windows-1252").text : bytes.toString("utf16le");
}

/** Splits fields into their results, which stay in the text, and their codes (begin 0x13, separator 0x14, end 0x15). */
function takeFieldCodes(text: string): { readonly text: string; readonly codes: readonly string[] } {
  const kept: string[] = [];
  const codes: string[] = [];
  // Fields nest; only the code of the innermost one is plain text.
  for (const [index, piece] of text.split("\x13").entries()) {
    const separator = piece.indexOf("\x14");
    const end = separator === -1 ? piece.indexOf("\x15") : separator;
    if (index === 0 || end === -1) {
      kept.push(piece);
      continue;
    }
    codes.push(piece.slice(0, end));
    kept.push(piece.slice(end + 1));
  }
  return { text: kept.join(""), codes };
}

/** Who saved the document where (FibRgFcLcb97.fcSttbSavedBy), and who wrote its comments (fcGrpXstAtnOwners). */
function tableStrings(word: Buffer, table: Buffer): string[] {
  const FIRST_PAIR = 0x9a;
  return [71, 36].flatMap((pair) => {
    const at = FIRST_PAIR + pair * 8;
    if (word.length < at + 8) return [];
    const start = word.readUInt32LE(at);
    const text = table.subarray(start, start + Math.min(65_536, word.readUInt32LE(at + 4))).toString("utf16le");
    return text.match(/[\x20-\x7e\u00a0-\u2fff\u3040-\ud7ff]{3,}/g) ?? [];
  });
}

/** Control characters of Word (MS-DOC 2.4.1, 2.8.26): paragraph, cell, field, breaks, hyphens. Others stand for objects. */
const CONTROLS: Readonly<Record<string, string>> = {
  "\t": "\t",
  "\n": "\n",
  "\r": "\n",
  "\x07": "\t",
  "\x0b": "\n",
  "\x0c": "\n",
  "\x0e": "\n",
  "\x1e": "-",
};

/** Text of the piece table as a reader sees it, field codes beside their results. */
export function cleanWordText(text: string): string {
  return text
    .replaceAll("\x07\x07", "\n")
    .replace(/\p{Cc}/gu, (char) => CONTROLS[char] ?? "")
    .replace(/[ \n]*\n[ \n]*/g, "\n")
    .trim();
}
