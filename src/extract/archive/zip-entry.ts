import { crc32, inflateRawSync, constants as zlib } from "node:zlib";
import type { Budget } from "../budget.ts";
import { Unreadable } from "../unreadable.ts";
import { decryptAes, decryptZipCrypto } from "./zip-crypto.ts";
import type { ZipEntry } from "./zip-directory.ts";
import { FLAG_ENCRYPTED } from "./zip-flags.ts";

export interface ZipData {
  readonly bytes: Buffer;
  /** Says why the content may not be what the sender packed; null when checksum and size fit. */
  readonly fault: string | null;
  /** Opened with one of the passwords. */
  readonly unlocked: boolean;
}

const STORED = 0;
const DEFLATED = 8;
const AES = 99;

/** Whether this module can unpack the method; the others are for 7-Zip. */
export function isPlainMethod(entry: ZipEntry): boolean {
  const method = entry.method === AES ? (entry.aes?.method ?? -1) : entry.method;
  return method === STORED || method === DEFLATED;
}

/**
 * Unpacks one member. Counts what comes out, not what the headers say.
 * @throws Unreadable
 */
export function readZipEntry(archive: Buffer, entry: ZipEntry, budget: Budget, passwords: readonly string[]): ZipData {
  const packed = packedData(archive, entry);
  if ((entry.flags & FLAG_ENCRYPTED) === 0) return { ...unpack(packed, entry, entry.method, budget), unlocked: false };
  for (const password of passwords) {
    const clear =
      entry.method === AES ? decryptAes(packed, entry.aes, password) : decryptZipCrypto(packed, entry, password);
    if (clear === null) continue;
    const method = entry.method === AES ? (entry.aes?.method ?? STORED) : entry.method;
    const data = tryUnpack(clear, entry, method, budget);
    // AES authenticates its data and leaves the checksum empty in its second version.
    if (data !== null && (data.fault === null || entry.method === AES)) return { ...data, unlocked: true };
  }
  throw new Unreadable("encrypted", "the archive's member needs a password");
}

function packedData(archive: Buffer, entry: ZipEntry): Buffer {
  const { local } = entry;
  if (local < 0 || local + 30 > archive.length || archive.readUInt32LE(local) !== 0x04034b50) {
    throw new Unreadable("corrupt", "the member's header is missing");
  }
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  if (start > archive.length) throw new Unreadable("corrupt", "the member lies outside of the archive");
  return archive.subarray(start, Math.min(archive.length, start + entry.packed));
}

function tryUnpack(packed: Buffer, entry: ZipEntry, method: number, budget: Budget): Omit<ZipData, "unlocked"> | null {
  try {
    return unpack(packed, entry, method, budget);
  } catch (error) {
    // Rubbish from a wrong password; but a bomb is a bomb.
    if (error instanceof Unreadable && error.code === "too-large") throw error;
    return null;
  }
}

function unpack(packed: Buffer, entry: ZipEntry, method: number, budget: Budget): Omit<ZipData, "unlocked"> {
  let bytes: Buffer;
  if (method === STORED) bytes = packed;
  else if (method === DEFLATED) bytes = inflate(packed, budget);
  else throw new Unreadable("unsupported", `compression method ${method}`);
  budget.expand(bytes.length);
  if (bytes.length !== entry.size && entry.size !== 0) {
    if (bytes.length === 0) throw new Unreadable("corrupt", "the member's data is missing");
    return { bytes, fault: "the member has another size than the directory says" };
  }
  const checked = entry.crc !== 0 || entry.method === STORED;
  const fault = checked && crc32(bytes) !== entry.crc ? "the member's checksum is wrong" : null;
  return { bytes, fault };
}

/** Unpacks raw deflate; a cut stream gives what can be read. @throws Unreadable */
export function inflate(packed: Buffer, budget: Budget): Buffer {
  const maxOutputLength = Math.max(1, budget.outputLimit(packed.length));
  try {
    return inflateRawSync(packed, { maxOutputLength, finishFlush: zlib.Z_SYNC_FLUSH });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      // What a bomb has cost counts, too: many of them are one.
      budget.expand(maxOutputLength);
      throw new Unreadable("too-large", "the member expands to more than is allowed");
    }
    throw new Unreadable("corrupt", "the member's compressed data is damaged");
  }
}
