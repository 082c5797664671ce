import { createCipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from "node:crypto";
import type { ZipEntry } from "./zip-directory.ts";

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

function crcStep(crc: number, byte: number): number {
  return ((crc >>> 8) ^ (CRC_TABLE[(crc ^ byte) & 255] ?? 0)) >>> 0;
}

/** Traditional encryption (APPNOTE 6.1). Null when the check byte says that the password is wrong. */
export function decryptZipCrypto(packed: Buffer, entry: ZipEntry, password: string): Buffer | null {
  if (packed.length < 12) return null;
  let key0 = 0x12345678;
  let key1 = 0x23456789;
  let key2 = 0x34567890;
  const update = (byte: number) => {
    key0 = crcStep(key0, byte);
    key1 = (Math.imul((key1 + (key0 & 255)) >>> 0, 134775813) + 1) >>> 0;
    key2 = crcStep(key2, key1 >>> 24);
  };
  for (const byte of Buffer.from(password, "utf8")) update(byte);
  const clear = Buffer.allocUnsafe(packed.length);
  for (let index = 0; index < packed.length; index += 1) {
    const temp = (key2 | 2) & 0xffff;
    const byte = ((packed[index] ?? 0) ^ (Math.imul(temp, temp ^ 1) >>> 8)) & 255;
    clear[index] = byte;
    update(byte);
    // The last byte of the header is the high byte of the checksum, or of the time when a descriptor follows.
    if (index === 11 && (entry.flags & 8) === 0 && byte !== entry.crc >>> 24) return null;
  }
  return clear.subarray(12);
}

/** Salt and key sizes by strength (WinZip AE-1, AE-2). */
const AES_SIZES: Readonly<Record<number, { salt: number; key: number }>> = {
  1: { salt: 8, key: 16 },
  2: { salt: 12, key: 24 },
  3: { salt: 16, key: 32 },
};

/** WinZip AES (AE-1, AE-2). Null when the password or the authentication code is wrong. */
export function decryptAes(packed: Buffer, aes: ZipEntry["aes"], password: string): Buffer | null {
  const sizes = AES_SIZES[aes?.strength ?? 0];
  if (sizes === undefined || packed.length < sizes.salt + 12) return null;
  const salt = packed.subarray(0, sizes.salt);
  const verifier = packed.subarray(sizes.salt, sizes.salt + 2);
  const data = packed.subarray(sizes.salt + 2, packed.length - 10);
  const derived = pbkdf2Sync(Buffer.from(password, "utf8"), salt, 1000, sizes.key * 2 + 2, "sha1");
  if (!timingSafeEqual(derived.subarray(sizes.key * 2), verifier)) return null;
  const code = createHmac("sha1", derived.subarray(sizes.key, sizes.key * 2))
    .update(data)
    .digest()
    .subarray(0, 10);
  if (!timingSafeEqual(code, packed.subarray(packed.length - 10))) return null;
  return counterMode(data, derived.subarray(0, sizes.key));
}

/** AES in counter mode with the counter of WinZip: little-endian, from 1. */
function counterMode(data: Buffer, key: Buffer): Buffer {
  const cipher = createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
  const blocks = Math.ceil(data.length / 16);
  const counters = Buffer.alloc(blocks * 16);
  for (let block = 0; block < blocks; block += 1) counters.writeUInt32LE(block + 1, block * 16);
  const stream = cipher.update(counters);
  const clear = Buffer.allocUnsafe(data.length);
  for (let index = 0; index < data.length; index += 1) clear[index] = (data[index] ?? 0) ^ (stream[index] ?? 0);
  return clear;
}
