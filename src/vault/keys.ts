import { hkdfSync } from "node:crypto";
import { PosternError } from "../core/errors.ts";

const KEY_BYTES = 32;
/** Separates our keys from whatever else might be derived from the same secret. */
const SALT = "postern v1";

/**
 * A 256-bit key for one purpose (HKDF-SHA256, RFC 5869): every tenant gets its own, and knowing one tells nothing
 * of another or of the secret.
 * @throws PosternError CONFIG_INVALID when the secret is not 32 bytes.
 */
export function deriveKey(secret: Uint8Array, purpose: string): Uint8Array {
  if (secret.byteLength !== KEY_BYTES) {
    throw new PosternError("CONFIG_INVALID", `POSTERN_SECRET must be ${KEY_BYTES} bytes (base64)`, {
      details: { bytes: secret.byteLength },
    });
  }
  return new Uint8Array(hkdfSync("sha256", secret, SALT, purpose, KEY_BYTES));
}
