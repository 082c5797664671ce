import type { Reading } from "../reading.ts";
import { decodeBytes } from "../text/charset.ts";
import { Unreadable } from "../unreadable.ts";
import { isTarHeader } from "./tar-header.ts";

const BLOCK = 512;

/** Values that an extended header sets for the next member, or for all that follow. */
interface PaxValues {
  path?: string;
  size?: number;
  sparse?: boolean;
}

/**
 * tar: ustar, GNU and pax (POSIX.1-2001). Members are streams of bytes; names are never paths. Links are not followed,
 * devices and folders are passed over.
 */
export async function readTar(reading: Reading): Promise<void> {
  const { bytes } = reading.file;
  let next: PaxValues = {};
  let global: PaxValues = {};
  let at = 0;
  let members = 0;
  while (at + BLOCK <= bytes.length) {
    reading.budget.checkTime();
    if (isZero(bytes, at)) {
      // Archives that were put one behind the other go on after zero blocks.
      at += BLOCK;
      continue;
    }
    if (!isTarHeader(bytes, at)) {
      if (members > 0 && bytes.length - at < BLOCK * 20) break;
      throw new Unreadable("corrupt", "a member's header is damaged");
    }
    const type = String.fromCharCode(bytes[at + 156] ?? 0);
    const declared = sizeOf(bytes, at);
    const size =
      type === "x" || type === "g" || type === "L" || type === "K" ? declared : (next.size ?? global.size ?? declared);
    if (!(size >= 0)) throw new Unreadable("corrupt", "a member's size is impossible");
    const start = at + BLOCK;
    const content = bytes.subarray(start, Math.min(bytes.length, start + size));
    const name = next.path ?? global.path ?? headerName(bytes, at);
    const conflict = next.size !== undefined && next.size !== declared && declared !== 0;
    at = start + Math.ceil(size / BLOCK) * BLOCK;
    if (type === "L") next = { ...next, path: decodeBytes(untilNul(content), null).text };
    else if (type === "x") next = { ...next, ...readPax(content) };
    else if (type === "g") global = { ...global, ...readPax(content) };
    else if (/[0\0S7]/.test(type)) {
      members += 1;
      await reading.member({ name, size, open: () => content });
      if (type === "S" || next.sparse === true)
        reading.problem("unsupported", "a member has holes; only its data was read");
      if (conflict) reading.problem("corrupt", "the headers of a member contradict each other");
      if (content.length < size) throw new Unreadable("corrupt", "the archive is cut off");
      next = {};
    } else if (type !== "K") {
      // Names of links and folders are text that leaves, too.
      const target = decodeBytes(untilNul(bytes.subarray(start - BLOCK + 157, start - BLOCK + 257)), null).text;
      reading.text(target === "" ? name : `${name}\n${target}`, { origin: "metadata" });
      members += 1;
      next = {};
    }
  }
  if (members === 0 && bytes.length > BLOCK * 2) throw new Unreadable("corrupt", "the archive has no readable member");
}

function isZero(bytes: Buffer, at: number): boolean {
  for (let index = at; index < at + BLOCK; index += 1) if (bytes[index] !== 0) return false;
  return true;
}

/** Octal digits, or a big-endian number when the first bit is set (GNU). */
function sizeOf(bytes: Buffer, at: number): number {
  const field = bytes.subarray(at + 124, at + 136);
  const first = field[0] ?? 0;
  if ((first & 0x80) !== 0) {
    if (first === 0xff) return -1;
    return field.subarray(1).reduce((value, byte) => value * 256 + byte, first & 0x7f);
  }
  return Number.parseInt(untilNul(field).toString("latin1").trim() || "0", 8);
}

function headerName(bytes: Buffer, at: number): string {
  const name = decodeBytes(untilNul(bytes.subarray(at, at + 100)), null).text;
  const isUstar = bytes.toString("latin1", at + 257, at + 262) === "ustar";
  const prefix =
    isUstar && bytes[at + 262] === 0 ? decodeBytes(untilNul(bytes.subarray(at + 345, at + 500)), null).text : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

function untilNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end === -1 ? bytes : bytes.subarray(0, end);
}

/** Records `length key=value\n`. */
function readPax(content: Buffer): PaxValues {
  const values: PaxValues = {};
  let at = 0;
  while (at < content.length) {
    const space = content.indexOf(0x20, at);
    const length = space === -1 ? Number.NaN : Number(content.toString("latin1", at, space));
    if (!(length > 0) || at + length > content.length) break;
    const record = content.subarray(space + 1, at + length - 1);
    const equals = record.indexOf("=");
    const key = record.toString("utf8", 0, equals);
    const value = record.subarray(equals + 1);
    if (key === "path") values.path = decodeBytes(value, null).text;
    else if (key === "size") values.size = Number(value.toString("latin1"));
    else if (key.startsWith("GNU.sparse")) values.sparse = true;
    at += length;
  }
  return values;
}
