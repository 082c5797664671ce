import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { PosternError } from "../core/errors.ts";

/** First byte of everything sealed; part of the authenticated data, so that a later form cannot pass for this one. */
const VERSION = 1;
const KEY_ID_BYTES = 4;
/** 96 random bits (NIST SP 800-38D 8.2.2): at 2^32 messages under one key a repeat is still below 2^-32. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES + TAG_BYTES;

/** version (1) | key id (4) | nonce (12) | tag (16) | ciphertext. `bound` is what the content belongs to. */
export function encrypt(key: Uint8Array, bound: readonly string[], plain: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(additionalData(bound));
  const sealed = cipher.update(plain);
  cipher.final();
  return Buffer.concat([Buffer.of(VERSION), keyId(key), nonce, cipher.getAuthTag(), sealed]);
}

/** @throws PosternError CONTENT_UNREADABLE, with `details.reason` `damaged`, `other-key` or `version`. */
export function decrypt(key: Uint8Array, bound: readonly string[], sealed: Uint8Array): Uint8Array {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (bytes.length < HEAD_BYTES) throw unreadable("damaged");
  if (bytes[0] !== VERSION) throw unreadable("version");
  const id = bytes.subarray(1, 1 + KEY_ID_BYTES);
  // Not secret and not proof: it tells an operator with the wrong POSTERN_SECRET from one with a damaged disk.
  if (!id.equals(keyId(key))) throw unreadable("other-key");
  const nonce = bytes.subarray(1 + KEY_ID_BYTES, HEAD_BYTES - TAG_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(additionalData(bound));
  decipher.setAuthTag(bytes.subarray(HEAD_BYTES - TAG_BYTES, HEAD_BYTES));
  try {
    const plain = decipher.update(bytes.subarray(HEAD_BYTES));
    decipher.final();
    return plain;
  } catch {
    throw unreadable("damaged");
  }
}

/** Length-unambiguous: ["ab", "c"] and ["a", "bc"] differ. */
function additionalData(bound: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify([VERSION, ...bound]), "utf8");
}

function keyId(key: Uint8Array): Buffer {
  return createHash("sha256").update("postern key id").update(key).digest().subarray(0, KEY_ID_BYTES);
}

function unreadable(reason: "damaged" | "other-key" | "version"): PosternError {
  return new PosternError("CONTENT_UNREADABLE", "The sealed content cannot be read", { details: { reason } });
}
