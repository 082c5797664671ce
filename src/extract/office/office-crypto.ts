import { createDecipheriv, createHash, timingSafeEqual } from "node:crypto";
import type { Budget } from "../budget.ts";
import { Unreadable } from "../unreadable.ts";
import { type CfbEntry, findEntry } from "./cfb.ts";

/** The password that Excel uses for workbooks that are only protected against changes: anyone can open them. */
const EXCEL_DEFAULT = "VelvetSweatshop";
/** A document may ask for any number of rounds; Office writes 100,000. */
const MAX_SPIN = 1_000_000;

/** Decrypts an encrypted OOXML package (MS-OFFCRYPTO 2.3.4): agile and standard. Null when no password fits. */
export function decryptPackage(
  root: CfbEntry,
  passwords: readonly string[],
  budget: Budget,
): { readonly clear: Buffer; readonly unlocked: boolean } | null {
  const info = findEntry(root, "EncryptionInfo")?.read();
  const data = findEntry(root, "EncryptedPackage")?.read();
  if (info === undefined || info.length < 8 || data === undefined || data.length < 8) return null;
  const major = info.readUInt16LE(0);
  const minor = info.readUInt16LE(2);
  for (const password of [EXCEL_DEFAULT, ...passwords]) {
    budget.checkTime();
    const key =
      major === 4 && minor === 4 ? agileKey(info, password) : minor === 2 ? standardKey(info, password) : null;
    if (key === null) continue;
    const clear = key.decrypt(data.subarray(8));
    const size = Number(data.readBigUInt64LE(0));
    budget.expand(clear.length);
    return { clear: clear.subarray(0, Math.min(size, clear.length)), unlocked: password !== EXCEL_DEFAULT };
  }
  return null;
}

interface PackageKey {
  decrypt(data: Buffer): Buffer;
}

const hash = (algorithm: string, ...parts: readonly Uint8Array[]): Buffer => {
  const digest = createHash(algorithm);
  for (const part of parts) digest.update(part);
  return digest.digest();
};

const counter = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

function decipher(mode: "cbc" | "ecb", key: Buffer, iv: Buffer | null, data: Buffer): Buffer {
  const whole = data.subarray(0, data.length - (data.length % 16));
  const cipher = createDecipheriv(`aes-${key.length * 8}-${mode}`, key, iv).setAutoPadding(false);
  return Buffer.concat([cipher.update(whole), cipher.final()]);
}

/** Purposes of the keys that agile encryption derives from one password (2.3.4.11 to 2.3.4.13). */
const BLOCK_VERIFIER_INPUT = Buffer.from("fea7d2763b4b9e79", "hex");
const BLOCK_VERIFIER_VALUE = Buffer.from("d7aa0f6d3061344e", "hex");
const BLOCK_KEY = Buffer.from("146e0be7abacd0d6", "hex");
const SEGMENT = 4096;

function agileKey(info: Buffer, password: string): PackageKey | null {
  const xml = info.subarray(8).toString("utf8");
  const keyData = /<keyData\b[^>]*>/.exec(xml)?.[0] ?? "";
  const encryptor = /<(?:\w+:)?encryptedKey\b[^>]*>/.exec(xml)?.[0] ?? "";
  const text = (tag: string, name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
  const bytes = (tag: string, name: string) => Buffer.from(text(tag, name), "base64");
  const algorithm = text(encryptor, "hashAlgorithm").replace("-", "").toLowerCase();
  const spin = Number(text(encryptor, "spinCount"));
  const keyBytes = Number(text(encryptor, "keyBits")) / 8;
  if (!/^sha(1|256|384|512)$/.test(algorithm) || text(encryptor, "cipherAlgorithm") !== "AES") return null;
  if (!(spin >= 0 && spin <= MAX_SPIN)) throw new Unreadable("encrypted", "its key takes too long to derive");
  const salt = bytes(encryptor, "saltValue");
  let digest = hash(algorithm, salt, Buffer.from(password, "utf16le"));
  for (let round = 0; round < spin; round += 1) digest = hash(algorithm, counter(round), digest);
  const unwrap = (block: Buffer, name: string) => {
    const key = padTo(hash(algorithm, digest, block), keyBytes);
    return decipher("cbc", key, padTo(salt, 16), bytes(encryptor, name));
  };
  const input = unwrap(BLOCK_VERIFIER_INPUT, "encryptedVerifierHashInput");
  const value = unwrap(BLOCK_VERIFIER_VALUE, "encryptedVerifierHashValue");
  const expected = hash(algorithm, input);
  if (value.length < expected.length || !timingSafeEqual(value.subarray(0, expected.length), expected)) return null;
  const secret = unwrap(BLOCK_KEY, "encryptedKeyValue").subarray(0, keyBytes);
  const packageSalt = bytes(keyData, "saltValue");
  const packageHash = text(keyData, "hashAlgorithm").replace("-", "").toLowerCase();
  return {
    decrypt(data) {
      const segments: Buffer[] = [];
      for (let index = 0; index * SEGMENT < data.length; index += 1) {
        const iv = padTo(hash(packageHash, packageSalt, counter(index)), 16);
        segments.push(decipher("cbc", secret, iv, data.subarray(index * SEGMENT, (index + 1) * SEGMENT)));
      }
      return Buffer.concat(segments);
    },
  };
}

/** Keys are cut or filled with 0x36 to their length. */
function padTo(bytes: Buffer, length: number): Buffer {
  if (bytes.length >= length) return bytes.subarray(0, length);
  return Buffer.concat([bytes, Buffer.alloc(length - bytes.length, 0x36)]);
}

/** Standard encryption (2.3.4.5 to 2.3.4.9): AES in ECB mode, SHA-1, 50,000 rounds. */
function standardKey(info: Buffer, password: string): PackageKey | null {
  const headerSize = info.readUInt32LE(8);
  const verifier = info.subarray(12 + headerSize);
  const keyBytes = info.readUInt32LE(12 + 16) / 8;
  if (verifier.length < 72 || ![16, 24, 32].includes(keyBytes)) return null;
  let digest = hash("sha1", verifier.subarray(4, 20), Buffer.from(password, "utf16le"));
  for (let round = 0; round < 50_000; round += 1) digest = hash("sha1", counter(round), digest);
  const final = hash("sha1", digest, counter(0));
  const mixed = (pad: number) =>
    hash(
      "sha1",
      Buffer.alloc(64, pad).map((byte, index) => byte ^ (final[index] ?? 0)),
    );
  const key = Buffer.concat([mixed(0x36), mixed(0x5c)]).subarray(0, keyBytes);
  const clear = decipher("ecb", key, null, verifier.subarray(20, 36));
  const expected = decipher("ecb", key, null, verifier.subarray(40, 72)).subarray(0, 20);
  if (!timingSafeEqual(hash("sha1", clear), expected)) return null;
  return { decrypt: (data) => decipher("ecb", key, null, data) };
}
