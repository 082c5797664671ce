import type { Budget } from "../budget.ts";
import { Unreadable } from "../unreadable.ts";
import { decodeZipNames } from "./zip-names.ts";

/** One member of a zip as the directory tells it (PKWARE APPNOTE 4.3.12). Sizes in bytes; none of it is trusted. */
export interface ZipEntry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Offset of the local header. */
  readonly local: number;
  readonly symlink: boolean;
  /** Extra field 0x9901 (AES): strength 1 to 3 and the method inside. */
  readonly aes: { readonly version: number; readonly strength: number; readonly method: number } | null;
}

export interface ZipDirectory {
  readonly entries: readonly ZipEntry[];
  /** What makes the reading a guess or incomplete. */
  readonly faults: readonly string[];
}

const END = 0x06054b50;
const END64_LOCATOR = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
/** The end record is 22 bytes and a comment of at most 65,535. */
const END_SEARCH = 22 + 65_535;

interface RawEntry extends Omit<ZipEntry, "name"> {
  readonly rawName: Buffer;
  readonly unicodeName: string | null;
}

/**
 * Reads the directory. Several end records (one may hide in a comment) are all followed; when there is none, or it
 * leads nowhere, the local headers are searched.
 */
export function readZipDirectory(bytes: Buffer, budget: Budget): ZipDirectory {
  const faults: string[] = [];
  const byOffset = new Map<number, RawEntry>();
  let directories = 0;
  for (const end of endRecords(bytes)) {
    const before = byOffset.size;
    readCentral(bytes, end, budget, byOffset, faults);
    if (byOffset.size > before) directories += 1;
  }
  if (directories > 1) faults.push("it has several directories");
  if (byOffset.size === 0) {
    searchLocal(bytes, budget, byOffset);
    if (byOffset.size > 0) faults.push("it has no directory");
  }
  return { entries: decodeZipNames([...byOffset.values()]), faults: [...new Set(faults)] };
}

function endRecords(bytes: Buffer): number[] {
  const found: number[] = [];
  const lowest = Math.max(0, bytes.length - END_SEARCH);
  let position = bytes.length - 22;
  while (position >= lowest) {
    const hit = bytes.lastIndexOf("PK\x05\x06", position, "latin1");
    if (hit < lowest) break;
    found.push(hit);
    position = hit - 1;
  }
  // The record's comment ends with the file. Records of archives that are stored inside do not reach that far.
  const reaching = found.filter((at) => at + 22 + bytes.readUInt16LE(at + 20) === bytes.length);
  return reaching.length > 0 ? reaching : found.slice(0, 1);
}

function readCentral(bytes: Buffer, end: number, budget: Budget, into: Map<number, RawEntry>, faults: string[]): void {
  if (end + 22 > bytes.length || bytes.readUInt32LE(end) !== END) return;
  let count = bytes.readUInt16LE(end + 10);
  let size = bytes.readUInt32LE(end + 12);
  let start = bytes.readUInt32LE(end + 16);
  let directoryEnd = end;
  if (bytes.readUInt16LE(end + 4) !== 0 && bytes.readUInt16LE(end + 4) !== 0xffff) {
    faults.push("it is one piece of a split archive");
  }
  if (end >= 20 && bytes.readUInt32LE(end - 20) === END64_LOCATOR) {
    const end64 = bytes.lastIndexOf("PK\x06\x06", end - 20, "latin1");
    if (end64 !== -1 && end64 + 56 <= bytes.length) {
      count = Number(bytes.readBigUInt64LE(end64 + 32));
      size = Number(bytes.readBigUInt64LE(end64 + 40));
      start = Number(bytes.readBigUInt64LE(end64 + 48));
      directoryEnd = end64;
    }
  }
  // Bytes before the archive shift all offsets; the directory ends where its end record begins.
  const expected = directoryEnd - size;
  const shift = start + 4 <= bytes.length && signature(bytes, start) === CENTRAL ? 0 : expected - start;
  let position = start + shift;
  let read = 0;
  while (position >= 0 && position + 46 <= bytes.length && signature(bytes, position) === CENTRAL) {
    budget.checkTime();
    if (into.size >= budget.limits.archiveMembers) throw new Unreadable("too-many", "the archive has too many members");
    const { entry, next } = centralEntry(bytes, position, shift);
    if (into.has(entry.local)) faults.push("members share their data");
    else into.set(entry.local, entry);
    position = next;
    read += 1;
  }
  if (read !== count && !(count === 0xffff && read > count)) faults.push("its directory has another number of members");
}

function signature(bytes: Buffer, position: number): number {
  return position >= 0 && position + 4 <= bytes.length ? bytes.readUInt32LE(position) : 0;
}

function centralEntry(bytes: Buffer, at: number, shift: number): { entry: RawEntry; next: number } {
  const nameEnd = at + 46 + bytes.readUInt16LE(at + 28);
  const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
  const next = extraEnd + bytes.readUInt16LE(at + 32);
  const extra = readExtra(bytes.subarray(nameEnd, extraEnd));
  let size = bytes.readUInt32LE(at + 24);
  let packed = bytes.readUInt32LE(at + 20);
  let local = bytes.readUInt32LE(at + 42);
  let field = 0;
  const wide = () => {
    const value = field + 8 <= extra.zip64.length ? Number(extra.zip64.readBigUInt64LE(field)) : 0xffffffff;
    field += 8;
    return value;
  };
  if (size === 0xffffffff) size = wide();
  if (packed === 0xffffffff) packed = wide();
  if (local === 0xffffffff) local = wide();
  const unixMode = bytes.readUInt32LE(at + 38) >>> 16;
  const entry: RawEntry = {
    rawName: bytes.subarray(at + 46, nameEnd),
    unicodeName: extra.unicodeName,
    flags: bytes.readUInt16LE(at + 8),
    method: bytes.readUInt16LE(at + 10),
    crc: bytes.readUInt32LE(at + 16),
    packed,
    size,
    local: local + shift,
    symlink: (unixMode & 0o170000) === 0o120000,
    aes: extra.aes,
  };
  return { entry, next };
}

function readExtra(extra: Buffer): { zip64: Buffer; unicodeName: string | null; aes: ZipEntry["aes"] } {
  let zip64 = Buffer.alloc(0);
  let unicodeName: string | null = null;
  let aes: ZipEntry["aes"] = null;
  let position = 0;
  while (position + 4 <= extra.length) {
    const id = extra.readUInt16LE(position);
    const field = extra.subarray(position + 4, position + 4 + extra.readUInt16LE(position + 2));
    if (id === 0x0001) zip64 = Buffer.from(field);
    if (id === 0x7075 && field.length > 5) unicodeName = field.subarray(5).toString("utf8");
    if (id === 0x9901 && field.length >= 7) {
      aes = { version: field.readUInt16LE(0), strength: field[4] ?? 0, method: field.readUInt16LE(5) };
    }
    position += 4 + field.length;
  }
  return { zip64, unicodeName, aes };
}

/** Finds members by their local headers, for archives whose directory is lost. */
function searchLocal(bytes: Buffer, budget: Budget, into: Map<number, RawEntry>): void {
  let position = bytes.indexOf("PK\x03\x04", 0, "latin1");
  while (position !== -1 && position + 30 <= bytes.length) {
    budget.checkTime();
    if (into.size >= budget.limits.archiveMembers) throw new Unreadable("too-many", "the archive has too many members");
    if (signature(bytes, position) !== LOCAL) break;
    const nameEnd = position + 30 + bytes.readUInt16LE(position + 26);
    const extraEnd = nameEnd + bytes.readUInt16LE(position + 28);
    const extra = readExtra(bytes.subarray(nameEnd, extraEnd));
    const flags = bytes.readUInt16LE(position + 6);
    const declared = bytes.readUInt32LE(position + 18);
    const following = bytes.indexOf("PK\x03\x04", extraEnd, "latin1");
    // With a data descriptor the size stands behind the data: everything up to the next member is offered.
    const packed =
      declared === 0 && (flags & 8) !== 0 ? (following === -1 ? bytes.length : following) - extraEnd : declared;
    into.set(position, {
      rawName: bytes.subarray(position + 30, nameEnd),
      unicodeName: extra.unicodeName,
      flags,
      method: bytes.readUInt16LE(position + 8),
      crc: bytes.readUInt32LE(position + 14),
      packed,
      size: bytes.readUInt32LE(position + 22),
      local: position,
      symlink: false,
      aes: extra.aes,
    });
    position = bytes.indexOf("PK\x03\x04", Math.max(extraEnd, Math.min(extraEnd + declared, bytes.length)), "latin1");
  }
}
